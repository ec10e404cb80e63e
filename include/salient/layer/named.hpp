// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/fixed_string.hpp"

namespace salient {

/// A layer or a block with a name: `named<"features", conv2d<16, 3>>`. Names are the module paths of PyTorch:
/// parameters are looked for under them, and a method finds the output of what is named by them. A name may
/// contain dots.
template <fixed_string Name, class L>
struct named {
  static constexpr std::string_view label = Name.view();
  using unnamed = L;
};

}  // namespace salient
