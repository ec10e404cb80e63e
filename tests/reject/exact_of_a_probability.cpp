// SPDX-License-Identifier: MIT
// expect: exact integrated gradients need a target that is linear in the scores
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using net = network<input<28, 28>, flatten, dense<8>, relu, dense<10>>;
void explain(const model<net>& m, const tensor& image) {
  integrated_gradients(m, image, probability(0), exact{});
}
