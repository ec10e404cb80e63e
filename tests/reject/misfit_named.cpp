// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: layer \"wide\" (conv2d) needs an input at least as large as its kernel, got 26x26x16
// errors: 1
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, conv2d<16, 3>, relu, named<"wide", conv2d<32, size{3, 27}>>,
                              flatten, dense<10>>>);
