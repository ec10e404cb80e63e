// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/elementwise.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// Reshapes H x W x C to 1 x 1 x HWC; values stay in place. As PyTorch's `Flatten()`, except that PyTorch's
/// order is channels first: loading and saving weights convert.
struct flatten : layer_defaults {
  static constexpr std::string_view name = "flatten";
  static constexpr layer_role role = layer_role::flatten;
  static constexpr bool linear = true;
  static constexpr bool in_place = true;
  static constexpr bool reshapes = true;
  static constexpr bool finishes = true;

  static constexpr shape output(shape in) { return {1, 1, static_cast<int>(in.elements())}; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    if (t.y.data == t.x.data && t.after.empty()) return;
    kernel::apply(d, view<const T>(t.x.data, t.x.batch, t.y.extent), t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    if (t.dx.data == t.dy.data && t.after.empty()) return;
    kernel::apply(d, view<const T>(t.dy.data, t.dy.batch, t.dx.extent), t.after, t.dx);
  }
};

}  // namespace salient
