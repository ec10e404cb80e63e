// SPDX-License-Identifier: MIT
// expect: fused combines the maps of layers, as grad_cam gives them; a map with a value for each pixel
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using cnn = network<input<28, 28>, named<"features", conv2d<4, 3>>, relu, flatten, dense<10>>;
void explain(const model<cnn>& m, const tensor& image) {
  fused<methods::grad_cam<"features">, methods::gradients>(m, image);
}
