// SPDX-License-Identifier: MIT
// expect: salient::network: its layers do not fit together
// expect: layer 1 (channel_shuffle) needs channels that its groups divide, got 26x26x16
// errors: 1
#include "harness.hpp"
#include "salient/layer/channel_shuffle.hpp"

static_assert(checked<network<input<28, 28>, conv2d<16, 3>, channel_shuffle<3>>>);
