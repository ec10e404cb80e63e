// SPDX-License-Identifier: MIT
// expect: salient::with_classes: the network has no dense layer and no convolution
// errors: 1
#include "harness.hpp"
#include "salient/networks/with_classes.hpp"

static_assert(checked<networks::with_classes<network<input<28, 28>, max_pool<2>, flatten>, 10>>);
