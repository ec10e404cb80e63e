// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/fixed_string.hpp"

namespace salient {

/// A layer or block with a name: `named<"features", conv2d<16, 3>>`. Names are PyTorch's module paths:
/// parameters are loaded by them, and methods refer to outputs by them. A name may contain dots.
template <fixed_string Name, class L>
struct named {
  static constexpr std::string_view label = Name.view();
  using unnamed = L;
};

}  // namespace salient
