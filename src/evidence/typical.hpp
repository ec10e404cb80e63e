// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "evidence/results.hpp"

namespace salient::evidence {

struct extremes {
  std::size_t typical = 0, different = 0;  ///< places in the sample
};

/// The images whose figures are nearest to the means of all images, and farthest from them. An image's
/// distance is the mean of |value - mean| / standard deviation over all its values, by any method.
extremes find_extremes(const network_results& n, std::size_t images);

}  // namespace salient::evidence
