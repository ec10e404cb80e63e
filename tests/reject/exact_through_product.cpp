// SPDX-License-Identifier: MIT
// expect: exact integrated gradients need a network of linear layers, ReLUs and max-pools; use steps
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using gated = network<input<8, 8>, product<identity, relu>, flatten, dense<10>>;
void explain(const model<gated>& m, const tensor& image) {
  integrated_gradients(m, image, logit(1), exact{});
}
