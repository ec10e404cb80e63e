// SPDX-License-Identifier: MIT
#pragma once

#include "salient/graph/network.hpp"

namespace salient::networks {

// Inputs of the networks: colour images with the preprocessing of the networks' training. How pictures are
// fitted is what torchvision's IMAGENET1K_V1 weights ask for; for others, such as ResNet-50's V2, give
// read_image a fitting.

/// A picture's middle, seven eighths of its shorter side: of 256 pixels 224, of 342 pixels 299.
constexpr fitting seven_eighths(int height, int width) {
  const int shorter = height < width ? height : width;
  return {.resize = (16 * shorter + 7) / 14};  // rounded
}

/// RGB, normalised by ImageNet's mean and deviation per channel, as in torchvision.
template <int Height, int Width = Height, fitting Fit = seven_eighths(Height, Width)>
using imagenet_input =
    input<Height, Width, 3,
          preprocessing{.mean = {0.485, 0.456, 0.406}, .deviation = {0.229, 0.224, 0.225}, .fit = Fit}>;

/// RGB from -1 to 1, as for TensorFlow's Inception networks. torchvision's `transform_input` converts images
/// with the usual normalisation to it.
template <int Height, int Width = Height>
using inception_input =
    input<Height, Width, 3,
          preprocessing{.mean = {0.5}, .deviation = {0.5}, .fit = seven_eighths(Height, Width)}>;

/// RGB as (value - 127) / 128, where pixels lie in 0..255, as for EfficientNet-Lite; of a picture the same
/// middle, cut out before it is resized.
template <int Height, int Width = Height>
using lite_input = input<Height, Width, 3,
                         preprocessing{.range = 255,
                                       .mean = {127.0},
                                       .deviation = {128.0},
                                       .fit = {.resize = seven_eighths(Height, Width).resize,
                                               .filter = filter::bicubic,
                                               .crop_first = true}}>;

}  // namespace salient::networks
