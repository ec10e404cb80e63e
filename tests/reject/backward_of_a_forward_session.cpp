// SPDX-License-Identifier: MIT
// expect: this session keeps nothing for a backward pass; use pass::saliency or pass::training
// errors: 1
#include "harness.hpp"

using perceptron = network<input<28, 28>, flatten, dense<10>>;
void explain(session<model<perceptron>, pass::forward>& s) { s.backward(2, 0); }
