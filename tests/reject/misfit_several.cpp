// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: layer 1 (conv2d) needs an input at least as large as its kernel, got 2x2x4
// errors: 1
#include "harness.hpp"

// Three layers do not fit; only the first is reported.
static_assert(checked<network<input<4, 4>, conv2d<4, 3>, conv2d<4, 3>, conv2d<4, 3>, dense<10>, softmax>>);
