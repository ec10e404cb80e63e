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
  static constexpr retention retains{.output = true};  // y > 0 exactly where x > 0

  static constexpr shape output(shape in) { return in; }

  /// What a neighbour that finishes is to do in its place. y: its output.
  using folds_as = relu;
  template <class T>
  static constexpr kernel::finish<T> finish_forward() {
    return {.rectify = true};
  }
  template <class T>
  static constexpr kernel::finish<T> finish_backward(gradient, const T* y) {
    return {.gate = y};
  }
  template <class T>
  static constexpr kernel::finish<T> finish_backward(guided, const T* y) {
    return {.rectify = true, .gate = y};
  }
  template <class T>
  static constexpr kernel::finish<T> finish_backward(deconv, const T*) {
    return {.rectify = true};
  }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::relu(d, t.batch * t.in.elements(), t.x, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, gradient, const io<T>& t) {
    kernel::relu_gradient(d, t.batch * t.in.elements(), t.y, t.dy, t.dx);
  }
  template <class D, class T>
  static void backward(const D& d, guided, const io<T>& t) {
    kernel::relu_guided(d, t.batch * t.in.elements(), t.y, t.dy, t.dx);
  }
  template <class D, class T>
  static void backward(const D& d, deconv, const io<T>& t) {
    kernel::relu(d, t.batch * t.in.elements(), t.dy, t.dx);
  }

  template <class D, class T>
  static void follow(const D& d, const line_io<T>& t) {
    kernel::relu_gradient(d, t.batch * t.in.elements(), t.y, t.x_slope, t.y_slope);
    kernel::relu_reach(d, t.batch, t.in.elements(), t.x, t.x_slope, t.reach);
  }
};

}  // namespace salient
