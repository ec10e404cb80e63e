// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/rearrange.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// Channels First to First + Count - 1: H x W x C to H x W x Count. As PyTorch's `x[:, First:First + Count]`;
/// two slices split a map into halves as `x.chunk(2, 1)` does.
template <int First, int Count>
struct slice : layer_defaults {
  static_assert(First >= 0 && Count > 0,
                "slice needs a first channel of at least 0 and at least one channel");

  static constexpr std::string_view name = "slice";
  static constexpr std::string_view needs = "an input that has all channels of the slice";
  static constexpr bool linear = true;
  static constexpr bool finishes = true;
  static constexpr bool strided = true;

  static constexpr bool accepts(shape in) { return in.positions() > 0 && First + Count <= in.channels; }
  static constexpr shape output(shape in) { return {in.height, in.width, Count}; }
  static constexpr std::optional<window> sees(shape) { return window{}; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::pad(d, {.front = -First}, t.x, t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::pad(d, {.front = First}, t.dy, t.after, t.dx);
  }
};

}  // namespace salient
