// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/picture.hpp"

namespace salient {

struct sheet_row {
  std::string title;           ///< at the left; the first line is dark, later ones are lighter
  std::vector<picture> cells;  ///< an empty picture leaves its cell blank
};

/// Pictures in a labelled grid. All cells have the same size: that of the largest picture, but wide
/// enough that adjacent column titles do not touch. Smaller pictures are centred. Texts are drawn by
/// text.hpp, so in ASCII.
struct sheet {
  std::string title;                 ///< above everything; empty for none
  std::string caption;               ///< below everything; empty for none
  std::vector<std::string> columns;  ///< column titles, wrapped and centred; may be fewer or none
  std::vector<sheet_row> rows;       ///< rows may have different numbers of cells
  int magnify = 4;                   ///< each pixel of a picture is drawn as magnify x magnify
  int text_scale = 2;                ///< scale of texts and distances; the title is one larger
};

/// Draws the sheet on a light background as one RGB picture. Throws salient::error if magnify or text_scale
/// is outside [1, 64], if a picture's bytes and extent disagree, or if the result would exceed 2^28 pixels.
SALIENT_EXPORT picture draw(const sheet& what);

}  // namespace salient
