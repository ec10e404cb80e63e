// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace evidence {

// The figures that salient/metric does not have; figures.hpp says what they measure. A value for each image.

/// Total variation of the magnitudes over that of the same values in an order that the seed and the image's
/// place decide. A map smaller than the image is enlarged first, as it is shown: noise is what differs from
/// pixel to pixel.
salient::metrics::values roughness(const salient::tensor& maps, salient::shape image, std::uint64_t seed);

/// None for a map of zeros.
salient::metrics::values negative_share(const salient::tensor& maps);

/// `adds` holds what each pixel of each image adds to the score. A map smaller than the image is enlarged;
/// channels are summed. None without a pixel that lowers the score.
salient::metrics::values sees_against(const salient::tensor& maps, salient::shape image,
                                      const std::vector<std::vector<double>>& adds);

/// None without a pixel that changes the score, and for a map of zeros.
salient::metrics::values blind_spots(const salient::tensor& maps, salient::shape image,
                                     const std::vector<std::vector<double>>& adds);

}  // namespace evidence
