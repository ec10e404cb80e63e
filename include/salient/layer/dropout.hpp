// SPDX-License-Identifier: MIT
#pragma once

#include "salient/layer/layer.hpp"

namespace salient {

/// Nothing, as PyTorch's `Dropout` is in evaluation; but it is counted, so that the layers behind it keep the
/// numbers that they have in PyTorch. Training here drops nothing either.
struct dropout {
  static constexpr bool lays_nothing = true;
};

}  // namespace salient
