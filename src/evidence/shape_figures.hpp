// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace salient::evidence {

// The figures that salient/metric does not have; figures.hpp says what they measure. A value for each image.

/// Total variation of the magnitudes over that of the same values in an order that the seed and the image's
/// place decide. A map smaller than the image is enlarged first, as it is shown: noise is what differs from
/// pixel to pixel.
metrics::values roughness(const tensor& maps, shape image, std::uint64_t seed);

/// The share of the variance, at the image's size, that lies within squares of 2 by 2 pixels, of which the
/// last may be cut off. A map smaller than the image is enlarged; channels are summed. None for a constant
/// map.
metrics::values pixel_detail(const tensor& maps, shape image);

/// None for a map of zeros.
metrics::values negative_share(const tensor& maps);

/// The squares of pixels that are removed by themselves, to learn what each adds to the score. Their side is
/// 1 for small images, and such that at most 32 lie along a side of larger ones; the last may be cut off.
struct cell_grid {
  explicit cell_grid(shape image);

  int side, rows, columns;
  std::size_t count() const { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns); }
  /// The square of a pixel.
  std::size_t of(int y, int x) const {
    return static_cast<std::size_t>(y / side) * static_cast<std::size_t>(columns) +
           static_cast<std::size_t>(x / side);
  }
};

/// `adds` holds what each square of each image adds to the score. A map smaller than the image is enlarged;
/// channels, and the pixels of a square, are summed. None without a square that lowers the score.
metrics::values sees_against(const tensor& maps, shape image, const std::vector<std::vector<double>>& adds);

/// None without a square that changes the score, and for a map of zeros.
metrics::values blind_spots(const tensor& maps, shape image, const std::vector<std::vector<double>>& adds);

}  // namespace salient::evidence
