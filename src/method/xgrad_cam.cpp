// SPDX-License-Identifier: MIT
#include "salient/method/xgrad_cam.hpp"

#include <cstddef>

#include "method/channel_sums.hpp"

namespace salient::methods::detail {

template <class T>
basic_tensor<double> xgrad_cam_weights(const basic_tensor<T>& maps, const basic_tensor<T>& gradients) {
  const auto total = sums_over_positions(maps, [&](std::size_t i) { return double{maps.values[i]}; });
  auto weights = sums_over_positions(
      maps, [&](std::size_t i) { return double{maps.values[i]} * double{gradients.values[i]}; });
  for (std::size_t i = 0; i < weights.values.size(); ++i)
    weights.values[i] = total.values[i] == 0 ? 0 : weights.values[i] / total.values[i];
  return weights;
}

template basic_tensor<double> xgrad_cam_weights(const basic_tensor<float>&, const basic_tensor<float>&);
template basic_tensor<double> xgrad_cam_weights(const basic_tensor<double>&, const basic_tensor<double>&);

}  // namespace salient::methods::detail
