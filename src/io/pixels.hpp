// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <span>

#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"

namespace salient::detail {

/// The pixel format of a file: rows of interleaved channels.
struct pixel_format {
  int channels = 1;            // without alpha
  bool alpha = false;          // one more value per pixel, after the channels
  bool premultiplied = false;  // the channels have been multiplied by alpha
  float white = 1;             // the value that maps to 1: 255, 65535 or 1

  std::size_t stride() const { return static_cast<std::size_t>(channels) + (alpha ? 1 : 0); }
};

/// What a conversion lost.
struct pixel_losses {
  bool colour = false;        // some pixel was not grey
  bool transparency = false;  // some pixel was not opaque
};

/// Luma of ITU-R BT.601, with the weights of Pillow's convert("L"). They sum to exactly 1, so grey
/// is unchanged.
inline double luma(double red, double green, double blue) {
  return (19595 * red + 38470 * green + 7471 * blue) / 65536;
}

/// Whether an image with `from` channels converts to `to` channels: colour becomes grey, grey fills RGB.
constexpr bool converts(int from, int to) {
  return from == to || (from == 1 && to == 3) || (from == 3 && to == 1);
}

/// Converts an image to the channels of `to`. Transparent pixels are blended over black. The luma of 8-bit
/// colours is rounded to 8 bits, as in Pillow.
template <class Sample>
tensor to_pixels(std::span<const Sample> samples, const pixel_format& format, shape to, pixel_losses& lost) {
  tensor result(to);
  const auto channels = static_cast<std::size_t>(to.channels);
  const bool grey_of_colour = format.channels == 3 && channels == 1, eight_bits = format.white == 255;
  auto out = result.values.begin();
  for (auto pixel = samples.begin(); pixel != samples.end();
       pixel += static_cast<std::ptrdiff_t>(format.stride())) {
    const auto opacity = format.alpha ? static_cast<float>(pixel[format.channels]) / format.white : 1.0F;
    if (opacity < 1) lost.transparency = true;
    const float factor = format.premultiplied ? 1.0F : opacity;
    if (grey_of_colour) {
      if (pixel[0] != pixel[1] || pixel[0] != pixel[2]) lost.colour = true;
      double grey =
          luma(static_cast<double>(pixel[0]), static_cast<double>(pixel[1]), static_cast<double>(pixel[2]));
      if (eight_bits) grey = std::floor(grey + 0.5);
      *out++ = static_cast<float>(grey) / format.white * factor;
      continue;
    }
    for (std::size_t c = 0; c < channels; ++c)
      *out++ = static_cast<float>(pixel[static_cast<std::ptrdiff_t>(format.channels == 1 ? 0 : c)]) /
               format.white * factor;
  }
  return result;
}

/// Warns of what the conversion of the image in `path` lost.
void warn_of(const warning_handler& warn, const std::filesystem::path& path, const pixel_losses& lost);

}  // namespace salient::detail
