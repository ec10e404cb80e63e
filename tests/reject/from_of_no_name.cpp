// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: from<\"stm\"> finds no such name earlier in the network
// errors: 1
#include "harness.hpp"

static_assert(checked<network<input<8, 8>, named<"stem", conv2d<4, 3>>, relu, concat<identity, from<"stm">>,
                              flatten, dense<5>>>);
