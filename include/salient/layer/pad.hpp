// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/rearrange.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// Rows, columns and channels of zeros to add on each side: `border{.top = 1}`. Negative numbers crop.
struct border {
  int top = 0, bottom = 0, left = 0, right = 0;
  int front = 0, back = 0;  ///< channels before the first and after the last
};

/// Pads a map with zeros in height, width or channels. As PyTorch's `F.pad(x, (left, right, top, bottom,
/// front, back))`.
template <border Border>
struct pad : layer_defaults {
  static constexpr std::string_view name = "pad";
  static constexpr std::string_view needs =
      "an input from which something is left when its border is cut off";
  static constexpr bool linear = true;
  static constexpr bool finishes = true;
  static constexpr bool strided = true;

  static constexpr bool accepts(shape in) {
    const shape out = output(in);
    return in.elements() > 0 && out.height > 0 && out.width > 0 && out.channels > 0;
  }
  static constexpr shape output(shape in) {
    return {in.height + Border.top + Border.bottom, in.width + Border.left + Border.right,
            in.channels + Border.front + Border.back};
  }
  static constexpr std::optional<window> sees(shape) {
    return window{.top = Border.top, .left = Border.left, .bottom = Border.bottom, .right = Border.right};
  }

  static constexpr kernel::offset moved{Border.top, Border.left, Border.front};
  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::pad(d, moved, t.x, t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::pad(d, -moved, t.dy, t.after, t.dx);
  }
};

}  // namespace salient
