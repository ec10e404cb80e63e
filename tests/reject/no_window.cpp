// SPDX-License-Identifier: MIT
// expect: a window must be at least 1x1
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, max_pool<size{2, 0}, with{.stride = 1}>>>);
