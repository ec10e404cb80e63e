// SPDX-License-Identifier: MIT
// expect: guided backpropagation needs a network with a ReLU or another activation; use gradients
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using linear = network<input<28, 28>, flatten, dense<10>>;
void explain(const model<linear>& m, const tensor& image) { smooth_grad<methods::guided_backprop>(m, image); }
