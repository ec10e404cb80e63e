// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: layer 2 (dense) needs a vector (put a flatten before it), got 26x24x16
// errors: 1
#include "harness.hpp"

static_assert(checked<network<input<28, 26>, conv2d<16, 3>, relu, dense<10>>>);
