// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: (concat) needs
// expect: got 8x8x1 and 6x6x5
// errors: 1
#include "harness.hpp"

static_assert(checked<network<input<8, 8>, concat<identity, conv2d<5, 3>>, flatten, dense<5>>>);
