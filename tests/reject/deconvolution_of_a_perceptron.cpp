// SPDX-License-Identifier: MIT
// expect: this method needs a network with a convolution
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using perceptron = network<input<28, 28>, flatten, dense<16>, relu, dense<10>>;
void explain(const model<perceptron>& m, const tensor& image) { deconvolution(m, image); }
