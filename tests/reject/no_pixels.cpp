// SPDX-License-Identifier: MIT
// expect: an input must have at least one pixel and one channel
#include "harness.hpp"

static_assert(checked<network<input<28, 0>, relu>>);
