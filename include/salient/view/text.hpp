// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "salient/core/picture.hpp"
#include "salient/view/oklab.hpp"

namespace salient {

/// A bitmap font for printable ASCII (32 to 126) of our own drawing: capitals 7 pixels high, small letters 5,
/// descenders 2 below the baseline, widths proportional. Each pixel is drawn as `scale` x `scale`. Any other
/// character, one of UTF-8 counting as one, is drawn as an empty box. '\n' starts a new line.

/// Height of a line of text without and with the gap to the next, at scale 1.
inline constexpr int text_height = 9;
inline constexpr int line_height = 12;

/// Width of the widest line in pixels, without the gap after its last character.
int text_width(std::string_view text, int scale = 1);

/// Draws `text` with its top left corner, that of a capital, at (x, y). What lies outside the picture is cut
/// off. Throws salient::error on a scale below 1.
void draw_text(picture& on, int x, int y, std::string_view text, rgb colour, int scale = 1);

/// Breaks `text` into lines no wider than `width`, at spaces; '\n' always breaks. A word wider than that is
/// broken after its hyphens, or else between characters, so every line fits unless one character alone does
/// not.
std::vector<std::string> wrap(std::string_view text, int width, int scale = 1);

}  // namespace salient
