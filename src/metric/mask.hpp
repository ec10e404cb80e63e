// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>

#include "salient/core/error.hpp"
#include "salient/core/tensor.hpp"
#include "salient/metric/plane.hpp"

namespace salient::metrics::detail {

/// Throws salient::error unless the mask is N x H x W x 1 and finite.
inline void check_mask(const tensor& mask, const std::string& metric) {
  check_map(mask, metric + ", mask");
  if (mask.extent.channels != 1)
    throw error(metric + ": needs a mask of 1 channel, which is not zero on the object, got " +
                std::to_string(mask.extent.channels) + " channels");
}

/// The number of the object's pixels in image n.
inline long object_pixels(const tensor& mask, long n) {
  return static_cast<long>(std::ranges::count_if(mask.image(n), [](float v) { return v != 0; }));
}

}  // namespace salient::metrics::detail
