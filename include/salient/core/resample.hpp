// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/tensor.hpp"

namespace salient {

enum class interpolation { bilinear, nearest };

/// Resizes every channel of every image to `height` x `width`.
///
/// Bilinear samples at half-pixel centres and clamps at the border, as PyTorch's
/// `interpolate(mode="bilinear", align_corners=False)`; nearest takes the source pixel that holds the
/// target pixel's top-left corner, as `mode="nearest"`.
template <class T>
basic_tensor<T> resample(const basic_tensor<T>& in, int height, int width,
                         interpolation how = interpolation::bilinear);

}  // namespace salient
