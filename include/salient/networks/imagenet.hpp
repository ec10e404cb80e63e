// SPDX-License-Identifier: MIT
#pragma once

#include "salient/graph/network.hpp"

namespace salient::networks {

// Inputs of the networks: colour images with the preprocessing of the networks' training.

/// RGB, normalised by ImageNet's mean and deviation per channel, as in torchvision.
template <int Height, int Width = Height>
using imagenet_input =
    input<Height, Width, 3, preprocessing{.mean = {0.485, 0.456, 0.406}, .deviation = {0.229, 0.224, 0.225}}>;

/// RGB from -1 to 1, as for TensorFlow's Inception networks. torchvision's `transform_input` converts images
/// with the usual normalisation to it.
template <int Height, int Width = Height>
using inception_input = input<Height, Width, 3, preprocessing{.mean = {0.5}, .deviation = {0.5}}>;

/// RGB as (value - 127) / 128, where pixels lie in 0..255, as for EfficientNet-Lite.
template <int Height, int Width = Height>
using lite_input =
    input<Height, Width, 3, preprocessing{.range = 255, .mean = {127.0}, .deviation = {128.0}}>;

}  // namespace salient::networks
