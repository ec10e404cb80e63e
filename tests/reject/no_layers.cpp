// SPDX-License-Identifier: MIT
// expect: a network needs at least one layer
#include "harness.hpp"

static_assert(checked<network<input<28, 28>>> == 0);
