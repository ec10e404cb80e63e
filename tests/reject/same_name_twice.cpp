// SPDX-License-Identifier: MIT
// expect: salient::network: two layers have the same name; find and weight files would be ambiguous
// errors: 1
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, named<"a", conv2d<16, 3>>, named<"b", relu>, named<"a", relu>>>);
