// SPDX-License-Identifier: MIT
#pragma once

namespace salient {

/// How the window of a convolution or pooling slides over its input. Output (y, x) reads the inputs (y
/// stride_y - top + i dilation_y, x stride_x - left + j dilation_x), with zeros outside the image.
struct window {
  int height = 1;
  int width = 1;
  int stride_y = 1;
  int stride_x = 1;
  int top = 0;   ///< rows of padding above the input
  int left = 0;  ///< columns of padding left of the input
  int bottom = 0;
  int right = 0;
  int dilation_y = 1;
  int dilation_x = 1;

  constexpr long area() const { return static_cast<long>(height) * width; }
  /// Input rows and columns that a window spans.
  constexpr int reach_y() const { return (height - 1) * dilation_y + 1; }
  constexpr int reach_x() const { return (width - 1) * dilation_x + 1; }

  /// True if each output position reads only the input position of the same index.
  constexpr bool pointwise() const {
    return area() == 1 && stride_y == 1 && stride_x == 1 && top == 0 && left == 0 && bottom == 0 &&
           right == 0;
  }
};

}  // namespace salient
