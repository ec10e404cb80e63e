// SPDX-License-Identifier: MIT
// expect: salient::network: this is not a layer; layer/layer.hpp says what one must have
// expect: int
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, conv2d<16, 3>, int, flatten, dense<10>>>);
