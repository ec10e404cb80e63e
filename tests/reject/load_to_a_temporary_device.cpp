// SPDX-License-Identifier: MIT
// expect: deleted
#include "harness.hpp"
#include "salient/salient.hpp"

using perceptron = network<input<28, 28>, flatten, dense<10>>;
const auto dangling = load<perceptron>("weights.safetensors", cpu{});
