// SPDX-License-Identifier: MIT
// expect: the network has no layer of this name, and no activation of this number
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using net = network<input<28, 28>, conv2d<4, 3>, relu, flatten, dense<10>>;
void explain(const model<net>& m, const tensor& image) {
  smooth_grad<methods::grad_cam<"features">>(m, image);
}
