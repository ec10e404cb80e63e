// SPDX-License-Identifier: MIT
// expect: this is not a target: pass logit, probability or cross_entropy
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using net = network<input<28, 28>, flatten, dense<8>, relu, dense<10>>;
float explain(session<model<net>>& s, const tensor& image) {
  const std::vector<int> classes{1, 2};
  return std::get<0>(explain_each(s, image, classes, methods::gradients{})[0]).map.values[0];
}
