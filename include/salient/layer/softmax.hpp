// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/elementwise.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// y_c = exp(x_c) / sum exp(x) of a vector. As PyTorch's `Softmax(1)`.
struct softmax : layer_defaults {
  static constexpr std::string_view name = "softmax";
  static constexpr std::string_view needs = "a vector (put a flatten or a global_avg_pool before it)";
  static constexpr layer_role role = layer_role::softmax;
  static constexpr bool in_place = true;
  static constexpr retention retains{.output = true};

  static constexpr bool accepts(shape in) { return !in.spatial() && in.channels > 0; }
  static constexpr shape output(shape in) { return in; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::softmax(d, t.x, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::softmax_gradient(d, view<const T>(t.y), t.dy, t.dx);
  }
};

}  // namespace salient
