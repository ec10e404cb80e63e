// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: (sum) needs
// expect: got 6x6x4 and 6x6x5
// errors: 1
#include "harness.hpp"

static_assert(checked<network<input<8, 8>, sum<conv2d<4, 3>, conv2d<5, 3>>, flatten, dense<5>>>);
