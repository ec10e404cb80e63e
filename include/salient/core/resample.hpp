// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/size.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

enum class interpolation { bilinear, nearest };

/// Resizes every channel of every image: `resample(map, {28, 40})` gives 28 rows of 40 columns,
/// `resample(map, size(image.extent))` the size of the image.
///
/// Bilinear samples at half-pixel centres and clamps at the border, as PyTorch's
/// `interpolate(mode="bilinear", align_corners=False)`. Nearest takes the source pixel that contains the
/// target pixel's top-left corner, as `mode="nearest"`. Throws salient::error if a size is not positive.
template <class T>
basic_tensor<T> resample(const basic_tensor<T>& in, size to, interpolation how = interpolation::bilinear);

}  // namespace salient
