// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: layer 1 (slice) needs an input that has all channels of the slice, got 26x26x16
// errors: 1
#include "harness.hpp"
#include "salient/layer/slice.hpp"

static_assert(checked<network<input<28, 28>, conv2d<16, 3>, slice<8, 9>, flatten, dense<10>>>);
