// SPDX-License-Identifier: MIT
// expect: the network has no layer of this name, and no activation of this number
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using cnn = network<input<28, 28>, named<"features", conv2d<4, 3>>, relu, flatten, dense<10>>;
void explain(const model<cnn>& m, const tensor& image) { grad_cam<"feature">(m, image); }
