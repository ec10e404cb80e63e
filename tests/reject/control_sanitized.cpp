// SPDX-License-Identifier: MIT
// expect: success
// options: -fsanitize=address,undefined

// With sanitizers, GCC folds fewer comparisons of addresses in constant expressions.
#include "harness.hpp"

using pooled_cnn =
    network<input<28, 28>, conv2d<16, 3>, relu, max_pool<2>, avg_pool<2>, flatten, dense<10>, softmax>;

void load(const cpu& device, const state_dict& weights) {
  const model<pooled_cnn> in_float(device, weights);
  const model<pooled_cnn, cpu, double> in_double(device, weights);
  session<model<pooled_cnn>> s(in_float);
  s.backward<guided>(7, 0);
}
