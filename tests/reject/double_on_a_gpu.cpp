// SPDX-License-Identifier: MIT
// expect: a GPU computes in float32
#include "harness.hpp"

using perceptron = network<input<28, 28>, flatten, dense<10>>;
model<perceptron, gpu, double> precise(const gpu& device) { return {device, {}}; }
