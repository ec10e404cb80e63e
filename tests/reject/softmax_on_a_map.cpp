// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: layer 1 (softmax) needs a vector (put a flatten or a global_avg_pool before it), got 26x24x16
// errors: 1
#include "harness.hpp"

static_assert(checked<network<input<28, 26>, conv2d<16, 3>, softmax>>);
