// SPDX-License-Identifier: MIT
// expect: this method needs a network that ends in a vector of class scores
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using maps = network<input<28, 28>, conv2d<4, 3>>;
void explain(const model<maps>& m, const tensor& image) { gradients(m, image); }
