// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/shape.hpp"

namespace salient {

/// How a convolution's or a pooling's window slides over its input, as kernels see it.
struct window {
  int height = 1;
  int width = 1;
  int stride_y = 1;
  int stride_x = 1;
  int top = 0;   ///< rows of padding above the input
  int left = 0;  ///< columns of padding left of the input

  constexpr long area() const { return static_cast<long>(height) * width; }

  /// True when each output position reads the input position of the same index and nothing else.
  constexpr bool pointwise() const {
    return area() == 1 && stride_y == 1 && stride_x == 1 && top == 0 && left == 0;
  }
};

}  // namespace salient
