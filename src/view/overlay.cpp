// SPDX-License-Identifier: MIT
#include "salient/view/overlay.hpp"

#include <algorithm>
#include <cmath>

#include "salient/core/finite.hpp"
#include "view/check.hpp"

namespace salient {

template <class T>
picture show(const basic_tensor<T>& images, long image) {
  view_detail::check(images, "show");
  const shape s = images.extent;
  if (s.channels != 1 && s.channels != 3)
    throw error("show: an image has 1 channel (grey) or 3 (RGB), got " + std::to_string(s.channels) +
                "; reduce the channels first");
  if (image < 0 || image >= images.batch)
    throw error("show: there is no image " + std::to_string(image) + " in a batch of " +
                std::to_string(images.batch) + "; count from 0");
  picture result{s.height, s.width, s.channels, {}};
  result.bytes.reserve(static_cast<std::size_t>(s.elements()));
  for (const T v : images.image(image)) {
    const T level = is_nan(v) ? T(0) : std::clamp(v, T(0), T(1));
    result.bytes.push_back(static_cast<std::uint8_t>(std::lround(255 * level)));
  }
  return result;
}

template <class T>
picture overlay(const picture& input, const basic_tensor<T>& normalised_map, colour_map map,
                overlay_options options, long image) {
  view_detail::check(input, "overlay");
  view_detail::check_plane(normalised_map, image, "overlay");
  const shape s = normalised_map.extent;
  if (input.height != s.height || input.width != s.width)
    throw error("overlay: the input is " + std::to_string(input.height) + "x" + std::to_string(input.width) +
                ", the map " + std::to_string(s.height) + "x" + std::to_string(s.width) +
                "; resample the map to the input's size first");
  if (is_nan(options.alpha) || !(options.alpha >= 0 && options.alpha <= 1))
    throw error("overlay: alpha lies between 0 and 1, got " + std::to_string(options.alpha) +
                "; 0.85 is usual");

  picture result = colourise(normalised_map, map, image);
  const auto values = normalised_map.image(image);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double magnitude =
        is_nan(values[i]) ? 0.0 : std::min(std::fabs(static_cast<double>(values[i])), 1.0);
    const double opacity = options.alpha * (options.opacity_by_magnitude ? magnitude : 1.0);
    for (std::size_t c = 0; c < 3; ++c) {
      const std::uint8_t below = input.bytes[input.channels == 3 ? 3 * i + c : i];
      std::uint8_t& byte = result.bytes[3 * i + c];
      byte = static_cast<std::uint8_t>(std::lround(std::lerp(below, byte, opacity)));
    }
  }
  return result;
}

template picture show(const basic_tensor<float>&, long);
template picture show(const basic_tensor<double>&, long);
template picture overlay(const picture&, const basic_tensor<float>&, colour_map, overlay_options, long);
template picture overlay(const picture&, const basic_tensor<double>&, colour_map, overlay_options, long);

}  // namespace salient
