// SPDX-License-Identifier: MIT
// expect: salient::with_classes: the classes are not the outputs of the last layer outside joins
// errors: 1
#include "harness.hpp"
#include "salient/networks/with_classes.hpp"

using joined =
    network<input<8, 8>, conv2d<4, 3>, relu, flatten, sum<dense<10>, sequence<dense<16>, relu, dense<10>>>>;
static_assert(checked<networks::with_classes<joined, 7>>);
