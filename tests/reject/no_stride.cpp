// SPDX-License-Identifier: MIT
// expect: a stride must be at least 1
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, conv2d<4, 3, with{.stride = -1}>>>);
