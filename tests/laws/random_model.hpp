// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "salient/core/tensor.hpp"
#include "salient/graph/model.hpp"

namespace salient::laws {

/// Images with values in [-1, 1], all different, so that max-pools have no ties.
template <class T = float>
basic_tensor<T> random_images(shape extent, long batch = 1, unsigned seed = 7) {
  std::mt19937 generator(seed);
  basic_tensor<T> images(extent, batch);
  for (T& v : images.values) v = static_cast<T>(static_cast<double>(generator()) / 2147483648.0 - 1.0);
  return images;
}

/// Weights that keep activations near 1, with small nonzero biases, as a state_dict.
template <class Network>
state_dict random_weights(unsigned seed = 3) {
  std::mt19937 generator(seed);
  auto tensors =
      parameters_to(std::vector<float>(static_cast<std::size_t>(Network::parameter_layout.elements)),
                    Network::parameter_table);
  for (named_tensor& t : tensors) {
    if (t.name.ends_with("running_var") || t.name.ends_with("running_mean")) {
      for (float& v : t.values)
        v = static_cast<float>(static_cast<double>(generator()) / 4294967296.0 + 0.25);
      continue;
    }
    const double inputs = t.dimensions.size() == 1
                              ? 20.0
                              : static_cast<double>(t.values.size()) / static_cast<double>(t.dimensions[0]);
    for (float& v : t.values)
      v = static_cast<float>((static_cast<double>(generator()) / 2147483648.0 - 1.0) *
                             std::sqrt(3.0 / inputs));
  }
  return tensors;
}

template <class Network, class T = float, device D>
model<Network, D, T> random_model(const D& device, unsigned seed = 3) {
  return {device, random_weights<Network>(seed)};
}

}  // namespace salient::laws
