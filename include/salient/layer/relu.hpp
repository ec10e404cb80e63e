// SPDX-License-Identifier: MIT
#pragma once

#include "salient/layer/activation.hpp"

namespace salient {

/// y = max(0, x); relu'(0) = 0. As PyTorch's `ReLU()`. Guided backpropagation and the deconvnet are defined
/// for this layer.
struct relu : activation_layer<relu, kernel::function::relu> {
  static constexpr std::string_view name = "relu";
  static constexpr layer_role role = layer_role::rectifier;
};

}  // namespace salient
