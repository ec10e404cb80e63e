// SPDX-License-Identifier: MIT
// expect: CAM needs a network that ends in global_avg_pool, dense (and softmax); use grad_cam
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using cnn = network<input<28, 28>, named<"features", conv2d<4, 3>>, relu, flatten, dense<10>>;
void explain(const model<cnn>& m, const tensor& image) { cam(m, image); }
