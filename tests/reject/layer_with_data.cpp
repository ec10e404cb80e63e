// SPDX-License-Identifier: MIT
// expect: salient::network: this is not a layer; layer/layer.hpp says what one must have
// expect: is_empty
#include "harness.hpp"

struct remembering : relu {
  int calls = 0;
};
static_assert(checked<network<input<28, 28>, remembering>>);
