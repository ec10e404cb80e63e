// SPDX-License-Identifier: MIT
#pragma once

#include "salient/explainer/sheet_maps.hpp"

namespace gallery {

/// Magnification of every picture of a digit.
inline constexpr int magnify = 3;

/// See salient/explainer/sheet_maps.hpp.
inline salient::picture input_picture(const salient::tensor& images, long n) {
  return salient::explainer::input_picture(images, n, magnify);
}
inline salient::picture map_picture(const salient::method_words& words, const salient::tensor& maps, long map,
                                    const salient::tensor& images, long image) {
  return salient::explainer::map_picture(words, maps, map, images, image, magnify);
}

}  // namespace gallery
