// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "salient/core/export.hpp"

namespace salient {

/// An 8-bit sRGB colour.
struct rgb {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  friend constexpr bool operator==(const rgb&, const rgb&) = default;
};

/// A colour in OKLab (Ottosson, "A perceptual color space for image processing", 2020): equal distances
/// look about equally different. Lightness runs from 0 (black) to 1 (white), a from green to red, b from
/// blue to yellow.
struct oklab {
  double lightness = 0;
  double a = 0;
  double b = 0;
};

/// Linear light; displayable colours have channels in [0, 1].
struct linear_rgb {
  double red = 0;
  double green = 0;
  double blue = 0;

  constexpr bool in_gamut() const {
    const auto fits = [](double v) { return v >= -1e-6 && v <= 1 + 1e-6; };
    return fits(red) && fits(green) && fits(blue);
  }
};

SALIENT_EXPORT oklab to_oklab(rgb colour);
SALIENT_EXPORT linear_rgb to_linear(oklab colour);

/// The nearest 8-bit colour; a colour outside sRGB is clipped channel by channel.
SALIENT_EXPORT rgb to_srgb(linear_rgb colour);

/// Euclidean distance, the perceived difference; about 0.02 is just noticeable.
SALIENT_EXPORT double difference(oklab one, oklab other);

}  // namespace salient
