// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: layer 0 (dense) needs a vector (put a flatten before it), got 28x28x1
// errors: 1
#include "harness.hpp"

void load(const cpu& device) { model<network<input<28, 28>, dense<10>>> m(device, {}); }
