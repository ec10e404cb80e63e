// SPDX-License-Identifier: MIT
// expect: the preprocessing does not suit the input: mean and deviation are one number or one for each
#include "harness.hpp"

using grey = network<input<28, 28, 1, preprocessing{.mean = {0.485, 0.456, 0.406}}>, flatten, dense<10>>;
static_assert(checked<grey>);
