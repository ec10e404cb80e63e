// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "salient/core/picture.hpp"

namespace salient {

struct sheet_row {
  std::string title;           ///< at the left; the first line is strong, lines after a '\n' are quieter
  std::vector<picture> cells;  ///< an empty picture leaves its cell blank
};

/// Pictures in a labelled grid. Every column is equally wide and every row equally high: the extent of the
/// largest picture, and wide enough that no word of a column title meets its neighbour. Smaller pictures are
/// centred in their cells. All texts are drawn by text.hpp, so in ASCII.
struct sheet {
  std::string title;    ///< above everything; empty for none
  std::string caption;  ///< below everything; empty for none
  std::vector<std::string>
      columns;  ///< titles of the columns, wrapped and centred over them; may be fewer or none
  std::vector<sheet_row> rows;  ///< may differ in their number of cells
  int magnify = 4;              ///< each pixel of a picture is drawn as magnify x magnify
  int text_scale = 2;  ///< size of the texts, and of all distances with them; the title is one larger
};

/// Draws the sheet on a light background, as one RGB picture. Throws salient::error on a magnify or
/// text_scale outside [1, 64], on a picture whose bytes and extent disagree, or when the result would exceed
/// 2^28 pixels.
picture draw(const sheet& what);

}  // namespace salient
