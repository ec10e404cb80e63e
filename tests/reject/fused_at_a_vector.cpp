// SPDX-License-Identifier: MIT
// expect: this method needs a layer with a spatial output (more than one position)
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using cnn = network<input<28, 28>, named<"features", conv2d<4, 3>>, relu, flatten, dense<10>>;
void explain(const model<cnn>& m, const tensor& image) {
  fused<methods::grad_cam<"features">, methods::grad_cam<3>>(m, image);
}
