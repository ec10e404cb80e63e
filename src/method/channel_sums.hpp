// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "salient/core/tensor.hpp"

namespace salient::methods::detail {

/// For each image and channel the sum over positions of term(index of the value): N x 1 x 1 x K.
template <class T, class F>
basic_tensor<double> sums_over_positions(const basic_tensor<T>& maps, const F& term) {
  const auto channels = static_cast<std::size_t>(maps.extent.channels),
             size = static_cast<std::size_t>(maps.extent.elements());
  basic_tensor<double> sums({1, 1, maps.extent.channels}, maps.batch);
  for (std::size_t i = 0; i < maps.values.size(); ++i)
    sums.values[i / size * channels + i % channels] += term(i);
  return sums;
}

}  // namespace salient::methods::detail
