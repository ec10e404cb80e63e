// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: layer 0 (max_pool) needs an input at least as large as its window, got 3x40x2
// errors: 1
#include "harness.hpp"

static_assert(checked<network<input<3, 40, 2>, max_pool<4>, flatten, dense<10>>>);
