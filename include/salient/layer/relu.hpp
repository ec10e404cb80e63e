// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/activation.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// y = max(0, x). The one layer where the backward rules differ; relu'(0) = 0.
struct relu : layer_defaults {
  static constexpr std::string_view name = "relu";
  static constexpr layer_role role = layer_role::rectifier;
  static constexpr bool in_place = true;
  static constexpr retention retains{.signs = true};

  static constexpr shape output(shape in) { return in; }

  /// What a neighbour that finishes is to do in its place.
  using folds_as = relu;
  static constexpr kernel::finish finish_forward(bool* signs) { return {.rectify = true, .signs = signs}; }
  static constexpr kernel::finish finish_backward(gradient, const bool* signs) { return {.gate = signs}; }
  static constexpr kernel::finish finish_backward(guided, const bool* signs) {
    return {.rectify = true, .gate = signs};
  }
  static constexpr kernel::finish finish_backward(deconv, const bool*) { return {.rectify = true}; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::apply(d, finish_forward(t.signs), t.batch * t.in.elements(), t.x, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto rule, const io<T>& t) {
    kernel::apply(d, finish_backward(rule, t.signs), t.batch * t.in.elements(), t.dy, t.dx);
  }

  template <class D, class T>
  static void follow(const D& d, const line_io<T>& t) {
    kernel::apply(d, {.gate = t.signs}, t.batch * t.in.elements(), t.x_slope, t.y_slope);
    kernel::relu_reach(d, t.batch, t.in.elements(), t.x, t.x_slope, t.reach);
  }
};

}  // namespace salient
