// SPDX-License-Identifier: MIT
// expect: this method needs a network with a ReLU or another activation; without one it would give gradients,
// so use errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using linear = network<input<28, 28>, flatten, dense<10>>;
void explain(const model<linear>& m, const tensor& image) { guided_backprop(m, image); }
