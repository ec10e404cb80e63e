// SPDX-License-Identifier: MIT
// expect: deconvolution needs a network with a convolution and a ReLU
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using perceptron = network<input<28, 28>, flatten, dense<16>, relu, dense<10>>;
void explain(const model<perceptron>& m, const tensor& image) { deconvolution(m, image); }
