// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: layer 1 (pad) needs an input from which something is left when its border is cut off, got 26x26x16
// errors: 1
#include "harness.hpp"
#include "salient/layer/pad.hpp"

static_assert(checked<network<input<28, 28>, conv2d<16, 3>, pad<border{.top = -13, .bottom = -13}>>>);
