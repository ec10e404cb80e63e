// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "salient/core/picture.hpp"

namespace salient::detail {

/// The orientation, 1 to 8, that the APP1 segment of a JPEG states; 1, which is upright, if it states none.
/// Takes any bytes: what is not EXIF, is cut short or out of range states none.
int exif_orientation(std::span<const std::uint8_t> segment);

/// Whether the orientation exchanges height and width.
constexpr bool turns(int orientation) { return orientation >= 5 && orientation <= 8; }

/// The picture turned upright, as by Pillow's ImageOps.exif_transpose.
picture upright(picture in, int orientation);

}  // namespace salient::detail
