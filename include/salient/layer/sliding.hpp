// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/shape.hpp"
#include "salient/core/size.hpp"
#include "salient/core/window.hpp"

namespace salient {

/// Zeros around an input. `1` means one on each side; `padding{1, 2}` one row above and below, two columns
/// left and right; `padding{0, 0, 1, 1}` gives above, left, below and right. `padding::same` is TensorFlow's
/// SAME: the output is ceil(input / stride), and an odd zero goes below and right.
struct padding {
  int top = 0, left = 0, bottom = 0, right = 0;
  bool automatic = false;
  constexpr padding(int all) : padding(all, all) {}
  constexpr padding(int height, int width) : padding(height, width, height, width) {}
  constexpr padding(int above, int before, int below, int after)
      : top(above), left(before), bottom(below), right(after) {}
  struct automatic_t {};
  constexpr padding(automatic_t) : automatic(true) {}
  static const padding valid, same;
  friend constexpr bool operator==(const padding&, const padding&) = default;
};
inline constexpr padding padding::valid = 0;
inline constexpr padding padding::same = padding::automatic_t{};

/// Options of convolutions and poolings: `conv2d<64, 3, with{.stride = 2, .groups = 64}>`. An option that
/// does not apply to a layer is a compile error.
struct with {
  size stride = 0;  ///< 0: the default, which is 1 for a convolution and the window for a pooling
  salient::padding padding = 0;
  size dilation = 1;
  int groups = 1;                 ///< convolutions only
  bool bias = true;               ///< convolutions only
  bool ceil_mode = false;         ///< poolings only: windows may extend past the bottom and right
  bool count_include_pad = true;  ///< average poolings only: padding counts as zeros
};

/// Output positions of a window of size `Kernel` on a padded input.
template <size Kernel, with Options>
struct sliding {
  static constexpr size stride = Options.stride;
  static constexpr salient::padding pad = Options.padding;
  static constexpr size dilation = Options.dilation;
  static constexpr int reach_y = (Kernel.height - 1) * dilation.height + 1;
  static constexpr int reach_x = (Kernel.width - 1) * dilation.width + 1;

  static_assert(Kernel.height > 0 && Kernel.width > 0, "a window must be at least 1x1");
  static_assert(stride.height > 0 && stride.width > 0, "a stride must be at least 1");
  static_assert(dilation.height > 0 && dilation.width > 0, "a dilation must be at least 1");
  static_assert(pad.top >= 0 && pad.left >= 0 && pad.bottom >= 0 && pad.right >= 0,
                "padding must not be negative");
  static_assert(pad.automatic ||
                    (pad.top < reach_y && pad.bottom < reach_y && pad.left < reach_x && pad.right < reach_x),
                "padding must be smaller than the window, or some windows would see nothing but padding");

  static constexpr bool fits(shape in) {
    return in.height > 0 && in.width > 0 && in.channels > 0 &&
           (pad.automatic ||
            (in.height + pad.top + pad.bottom >= reach_y && in.width + pad.left + pad.right >= reach_x));
  }
  static constexpr int length(int in, int reach, int step, int before, int after) {
    if (pad.automatic) return (in + step - 1) / step;
    const int room = in + before + after - reach;
    int count = room / step + 1;
    // The last, overhanging window must begin inside the input or the padding before it.
    if (Options.ceil_mode && room % step != 0 && count * step < in + before) ++count;
    return count;
  }
  static constexpr shape output(shape in, int channels) {
    return {length(in.height, reach_y, stride.height, pad.top, pad.bottom),
            length(in.width, reach_x, stride.width, pad.left, pad.right), channels};
  }
  static constexpr salient::window over(shape in) {
    salient::window w{.height = Kernel.height,
                      .width = Kernel.width,
                      .stride_y = stride.height,
                      .stride_x = stride.width,
                      .top = pad.top,
                      .left = pad.left,
                      .bottom = pad.bottom,
                      .right = pad.right,
                      .dilation_y = dilation.height,
                      .dilation_x = dilation.width};
    if (pad.automatic) {
      const shape out = output(in, 1);
      const auto missing = [](int size, int outputs, int reach, int step) {
        const int all = (outputs - 1) * step + reach - size;
        return all > 0 ? all : 0;
      };
      const int rows = missing(in.height, out.height, reach_y, stride.height);
      const int columns = missing(in.width, out.width, reach_x, stride.width);
      w.top = rows / 2;
      w.bottom = rows - w.top;
      w.left = columns / 2;
      w.right = columns - w.left;
    }
    return w;
  }
};

namespace detail {
/// The options with `otherwise` as the default stride.
constexpr with stride_or(with options, size otherwise) {
  if (options.stride == size(0)) options.stride = otherwise;
  return options;
}
}  // namespace detail

}  // namespace salient
