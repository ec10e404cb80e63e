// SPDX-License-Identifier: MIT
// expect: padding must be smaller than the window, or some windows would see nothing but padding
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, max_pool<2, with{.padding = 2}>>>);
