// SPDX-License-Identifier: MIT
// expect: success
#include "harness.hpp"

using digit_cnn =
    network<input<28, 28>, conv2d<16, 3>, relu, conv2d<32, 3>, relu, flatten, dense<10>, softmax>;
static_assert(checked<digit_cnn> == 7);

void explain(session<model<digit_cnn>>& s) { s.backward(6, 0); }
void train(session<model<digit_cnn>, pass::training>& s) { s.parameter_gradients(6, nullptr); }
