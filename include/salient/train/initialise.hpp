// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "salient/core/export.hpp"
#include "salient/core/state_dict.hpp"
#include "salient/graph/network.hpp"

namespace salient {

/// Random weights and biases, uniform in +-1/sqrt(inputs of the filter), PyTorch's default for Conv2d and
/// Linear. Normalisations start with weight 1, bias 0, mean 0 and variance 1, as in PyTorch. The same seed
/// gives the same values on every platform.
SALIENT_EXPORT state_dict random_parameters(const parameter_table&, std::uint64_t seed);

template <class Network>
state_dict random_parameters(std::uint64_t seed) {
  return random_parameters(Network::parameter_table, seed);
}

}  // namespace salient
