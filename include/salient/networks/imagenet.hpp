// SPDX-License-Identifier: MIT
#pragma once

#include "salient/graph/network.hpp"

namespace salient::networks {

// The inputs of the networks: colour images, prepared as the images were that the networks were trained on.

/// RGB, normalised by the mean and the deviation of ImageNet's channels, as torchvision does.
template <int Height, int Width = Height>
using imagenet_input =
    input<Height, Width, 3, preprocessing{.mean = {0.485, 0.456, 0.406}, .deviation = {0.229, 0.224, 0.225}}>;

/// RGB from -1 to 1, as TensorFlow's Inception networks take it. It is what torchvision's `transform_input`
/// makes of images that were normalised as for the other networks.
template <int Height, int Width = Height>
using inception_input = input<Height, Width, 3, preprocessing{.mean = {0.5}, .deviation = {0.5}}>;

/// RGB as (value - 127) / 128, where pixels have values from 0 to 255, as EfficientNet-Lite takes it.
template <int Height, int Width = Height>
using lite_input =
    input<Height, Width, 3, preprocessing{.range = 255, .mean = {127.0}, .deviation = {128.0}}>;

}  // namespace salient::networks
