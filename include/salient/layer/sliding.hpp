// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/shape.hpp"
#include "salient/core/size.hpp"
#include "salient/core/window.hpp"

namespace salient {

/// Zeros around an input. `1` means one on each side; `padding{1, 2}` one row above and below, two columns
/// left and right; `same` as much as makes the output ceil(input / stride), the odd one at the bottom and
/// right.
struct padding {
  int height = 0, width = 0;
  bool automatic = false;
  constexpr padding(int both) : height(both), width(both) {}
  constexpr padding(int rows, int columns) : height(rows), width(columns) {}
  struct automatic_t {};
  constexpr padding(automatic_t) : automatic(true) {}
  friend constexpr bool operator==(const padding&, const padding&) = default;
};
inline constexpr padding valid = 0;
inline constexpr padding same = padding::automatic_t{};

/// Where a window of `kernel` fits when it slides by `stride` over a padded input.
template <size Kernel, size Stride, padding Padding>
struct sliding {
  static_assert(Kernel.height > 0 && Kernel.width > 0, "a window must be at least 1x1");
  static_assert(Stride.height > 0 && Stride.width > 0, "a stride must be at least 1");
  static_assert(Padding.height >= 0 && Padding.width >= 0, "padding must not be negative");
  static_assert(Padding.automatic || (Padding.height < Kernel.height && Padding.width < Kernel.width),
                "padding must be smaller than the window, or some windows would see nothing but padding");

  static constexpr bool fits(shape in) {
    return in.height > 0 && in.width > 0 && in.channels > 0 &&
           (Padding.automatic || (in.height + 2 * Padding.height >= Kernel.height &&
                                  in.width + 2 * Padding.width >= Kernel.width));
  }
  static constexpr int length(int in, int kernel, int stride, int pad) {
    return Padding.automatic ? (in + stride - 1) / stride : (in + 2 * pad - kernel) / stride + 1;
  }
  static constexpr int before(int in, int kernel, int stride, int pad) {
    if (!Padding.automatic) return pad;
    const int missing = (length(in, kernel, stride, pad) - 1) * stride + kernel - in;
    return missing > 0 ? missing / 2 : 0;
  }
  static constexpr shape output(shape in, int channels) {
    return {length(in.height, Kernel.height, Stride.height, Padding.height),
            length(in.width, Kernel.width, Stride.width, Padding.width), channels};
  }
  static constexpr salient::window over(shape in) {
    return {Kernel.height,
            Kernel.width,
            Stride.height,
            Stride.width,
            before(in.height, Kernel.height, Stride.height, Padding.height),
            before(in.width, Kernel.width, Stride.width, Padding.width)};
  }
};

}  // namespace salient
