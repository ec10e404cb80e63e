// SPDX-License-Identifier: MIT
#pragma once

#include "salient/layer/elementwise.hpp"

namespace salient::detail {

// The layers of sums and products, with two inputs each. Users write `sum` and `product`.

struct add_layer : elementwise_layer<add_layer> {
  static constexpr std::string_view name = "sum";
  static constexpr std::string_view needs = "branches of one shape";
  static constexpr salient::stage stage = salient::stage::addend;
  static constexpr int inputs = 2;
  static constexpr bool linear = true;

  static constexpr bool accepts(shape a, shape b) { return a == b; }
  static constexpr shape output(shape a, shape) { return a; }

  template <class T>
  static void join_forward(kernel::epilogue<T>& e, const io<T>& t) {
    e.addend = t.x2;
  }
  /// Each branch receives the signal unchanged; the runner sees to it.
  template <class T>
  static void join_backward(rule_facts, kernel::epilogue<T>&, const io<T>&) {}

  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    if (t.dx) kernel::apply(d, t.dy, t.after, t.dx);
    if (t.dx2) kernel::apply(d, t.dy, t.after2, t.dx2);
  }
};

struct multiply_layer : layer_defaults {
  static constexpr std::string_view name = "product";
  static constexpr std::string_view needs =
      "branches of one shape, or of one position each after the first, with as many channels";
  static constexpr int inputs = 2;
  static constexpr bool finishes = true;
  static constexpr bool strided = true;
  static constexpr retention retains{.inputs = true};

  static constexpr bool accepts(shape a, shape b) {
    return a == b || (b.positions() == 1 && a.channels == b.channels);
  }
  static constexpr shape output(shape a, shape) { return a; }
  static constexpr std::optional<window> sees(shape) { return window{}; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::multiply(d, t.x, t.x2, t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    if (t.dx) kernel::multiply(d, t.dy, t.x2, t.after, t.dx);
    if (!t.dx2) return;
    if (t.x.extent == t.x2.extent && t.x.extent.spatial())
      kernel::multiply(d, t.dy, t.x, t.after2, t.dx2);
    else
      kernel::multiply_gradient(d, t.dy, t.x, t.after2, t.dx2);
  }
};

}  // namespace salient::detail
