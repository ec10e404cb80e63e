// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/fixed_string.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// A layer with a name to find it by: `named<"features", conv2d<16, 3>>`. Names in a network must differ.
template <fixed_string Name, class L>
struct named : L {
  static constexpr std::string_view label = Name.view();
  using unnamed = L;
};

}  // namespace salient
