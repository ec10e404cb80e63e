// SPDX-License-Identifier: MIT
// expect: padding must not be negative
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, avg_pool<2, 2, padding{0, -1}>>>);
