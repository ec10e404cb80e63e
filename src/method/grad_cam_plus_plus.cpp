// SPDX-License-Identifier: MIT
#include "salient/method/grad_cam_plus_plus.hpp"

#include <cstddef>

#include "method/channel_sums.hpp"

namespace salient::methods::detail {

template <class T>
basic_tensor<double> grad_cam_plus_plus_weights(const basic_tensor<T>& maps,
                                                const basic_tensor<T>& gradients) {
  const auto total = sums_over_positions(maps, [&](std::size_t i) { return double{maps.values[i]}; });
  const auto channels = static_cast<std::size_t>(maps.extent.channels),
             size = static_cast<std::size_t>(maps.extent.elements());
  return sums_over_positions(maps, [&](std::size_t i) {
    const double g = gradients.values[i];
    if (!(g > 0)) return 0.0;
    // alpha relu(g) is g^3 / (2 g^2 + g^3 sum), without the powers, which would underflow.
    const double denominator = 2 + g * total.values[i / size * channels + i % channels];
    return denominator == 0 ? 0.0 : g / denominator;
  });
}

template basic_tensor<double> grad_cam_plus_plus_weights(const basic_tensor<float>&,
                                                         const basic_tensor<float>&);
template basic_tensor<double> grad_cam_plus_plus_weights(const basic_tensor<double>&,
                                                         const basic_tensor<double>&);

}  // namespace salient::methods::detail
