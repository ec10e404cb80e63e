// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: (product) needs
// expect: got 8x8x1 and 6x6x1
// errors: 1
#include "harness.hpp"

static_assert(checked<network<input<8, 8>, product<identity, conv2d<1, 3>>, flatten, dense<5>>>);
