// SPDX-License-Identifier: MIT
// expect: dense must have at least one output
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, flatten, dense<0>>>);
