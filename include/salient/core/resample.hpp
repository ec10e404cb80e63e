// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/size.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

enum class interpolation { bilinear, nearest };

/// Resizes every channel of every image: `resample(map, {28, 40})` makes 28 rows of 40 columns, and
/// `resample(map, size(image.extent))` as many as the image has.
///
/// Bilinear samples at half-pixel centres and clamps at the border, as PyTorch's
/// `interpolate(mode="bilinear", align_corners=False)`; nearest takes the source pixel that holds the target
/// pixel's top-left corner, as `mode="nearest"`. Throws salient::error if a size is not positive.
template <class T>
basic_tensor<T> resample(const basic_tensor<T>& in, size to, interpolation how = interpolation::bilinear);

}  // namespace salient
