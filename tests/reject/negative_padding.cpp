// SPDX-License-Identifier: MIT
// expect: padding must not be negative
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, avg_pool<2, with{.padding = padding{0, -1}}>>>);
