// SPDX-License-Identifier: MIT
// expect: salient::network: this is not a layer; layer/layer.hpp says what one must have
// expect: output
#include "harness.hpp"

struct forgetful : layer_defaults {
  static constexpr std::string_view name = "forgetful";
};
static_assert(checked<network<input<28, 28>, forgetful>>);
