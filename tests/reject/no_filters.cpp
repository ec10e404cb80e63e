// SPDX-License-Identifier: MIT
// expect: conv2d must have at least one filter
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, conv2d<0, 3>>>);
