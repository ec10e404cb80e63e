// SPDX-License-Identifier: MIT
// expect: every path from the input to the scores must cross it
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using net = network<input<28, 28>, sum<sequence<named<"inside", conv2d<4, 3>>, relu>, conv2d<4, 3>>, flatten,
                    dense<10>>;
void explain(const model<net>& m, const tensor& image) { ablation_cam<2>(m, image); }
