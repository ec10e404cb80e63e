// SPDX-License-Identifier: MIT
// expect: CAM by the classifier's weights looks at the maps that are pooled
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using pooled = network<input<28, 28>, conv2d<4, 3>, relu, global_avg_pool, dense<10>>;
void explain(const model<pooled>& m, const tensor& image) { cam<cam_weights::classifier, 0>(m, image); }
