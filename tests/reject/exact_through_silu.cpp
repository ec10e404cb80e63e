// SPDX-License-Identifier: MIT
// expect: exact integrated gradients need a network of linear layers, ReLUs and max-pools; use steps
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using smooth = network<input<8, 8>, conv2d<4, 3>, silu, flatten, dense<10>>;
void explain(const model<smooth>& m, const tensor& image) {
  integrated_gradients(m, image, logit(1), exact{});
}
