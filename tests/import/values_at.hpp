// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "salient/salient.hpp"

namespace salient {

/// The values at an activation for each image of the batch.
template <class Network, class Pass, class Scalar>
std::vector<Scalar> values_at(int activation, session<model<Network, cpu, Scalar>, Pass>& s,
                              const basic_tensor<Scalar>& images) {
  s.load(images);
  s.forward(0, Network::output);
  std::vector<Scalar> values(static_cast<std::size_t>(images.batch * Network::extent(activation).elements()));
  s.read(s.activation(activation), values);
  return values;
}

}  // namespace salient
