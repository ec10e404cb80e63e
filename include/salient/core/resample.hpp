// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
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
SALIENT_EXPORT basic_tensor<T> resample(const basic_tensor<T>& in, size to,
                                        interpolation how = interpolation::bilinear);

/// Where on a picture the centres of a map's cells lie, along one axis: the centre of cell i is at pixel
/// first + i step, and 0 is the centre of pixel 0.
struct cell_axis {
  double first = 0, step = 1;
};
struct cell_centres {
  cell_axis y{}, x{};
};

/// The same with each cell at its centre, instead of stretching the map over the picture. Beyond the
/// outermost centres the map goes on as it ends. Nearest takes the cell with the nearest centre, the first of
/// two. Throws salient::error if a size or step is not positive.
template <class T>
SALIENT_EXPORT basic_tensor<T> resample(const basic_tensor<T>& in, size to, const cell_centres& centres,
                                        interpolation how = interpolation::bilinear);

}  // namespace salient
