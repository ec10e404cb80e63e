// SPDX-License-Identifier: MIT
// expect: this session does not keep what the method reads
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using cnn = network<input<28, 28>, named<"features", conv2d<4, 3>>, relu, flatten, dense<10>>;
void run(session<model<cnn>>& s, const tensor& image) {
  explain(s, image, logit(1), methods::grad_cam<"features">{});
}
