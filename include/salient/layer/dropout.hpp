// SPDX-License-Identifier: MIT
#pragma once

#include "salient/layer/layer.hpp"

namespace salient {

/// Does nothing, as PyTorch's `Dropout` in evaluation, but is counted, so that later layers have the same
/// numbers as in PyTorch. Training drops nothing either.
struct dropout {
  static constexpr bool lays_nothing = true;
};

}  // namespace salient
