// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/picture.hpp"
#include "salient/view/oklab.hpp"

namespace salient {

/// The bitmap font for printable ASCII (32 to 126): capitals are 7 pixels high, small letters 5,
/// descenders go 2 below the baseline; widths are proportional. Each pixel is drawn as `scale` x `scale`. Any
/// other character (a UTF-8 sequence counts as one) is drawn as an empty box. '\n' starts a new line.

/// Height of a line of text without and with the gap to the next one, at scale 1.
inline constexpr int text_height = 9;
inline constexpr int line_height = 12;

/// Width of the widest line in pixels, without the gap after its last character.
SALIENT_EXPORT int text_width(std::string_view text, int scale = 1);

/// Draws `text` with the top left corner of a capital at (x, y). What lies outside the picture is clipped.
/// Throws salient::error for a scale below 1.
SALIENT_EXPORT void draw_text(picture& on, int x, int y, std::string_view text, rgb colour, int scale = 1);

/// Breaks `text` into lines no wider than `width`, at spaces and at every '\n'. A wider word is broken after
/// its hyphens, or else between characters, so every line fits unless a single character does not.
SALIENT_EXPORT std::vector<std::string> wrap(std::string_view text, int width, int scale = 1);

}  // namespace salient
