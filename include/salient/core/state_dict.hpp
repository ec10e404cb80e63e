// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "salient/core/standard_library.hpp"

namespace salient {

/// One entry of a PyTorch `state_dict`: "0.weight" with its dimensions in PyTorch's order, row-major.
struct named_tensor {
  std::string name;
  std::vector<long> dimensions;
  std::vector<float> values;
};

using state_dict = std::vector<named_tensor>;

}  // namespace salient
