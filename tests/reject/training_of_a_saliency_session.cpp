// SPDX-License-Identifier: MIT
// expect: this session keeps nothing for parameter gradients; use pass::training
// errors: 1
#include "harness.hpp"

using perceptron = network<input<28, 28>, flatten, dense<10>>;
void train(session<model<perceptron>>& s) { s.parameter_gradients(2, nullptr); }
