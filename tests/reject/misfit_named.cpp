// SPDX-License-Identifier: MIT
// expect: salient::network: the shapes do not chain
// expect: layer 2 (conv2d \"wide\") needs an input at least as large as its kernel, got 26x26x16
// errors: 1
#include "harness.hpp"

static_assert(checked<network<input<28, 28>, conv2d<16, 3>, relu, named<"wide", conv2d<32, size{3, 27}>>,
                              flatten, dense<10>>>);
