// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/elementwise.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// Base of element-wise layers L, which can be stages of other kernels' epilogues. L defines its effect on an
/// epilogue; its own passes run the kernel `apply` with that epilogue.
///
/// L defines `stage` and, as templates on the scalar,
/// - `join_forward(kernel::epilogue<T>&, const io<T>&)`,
/// - `join_backward(rule_facts, kernel::epilogue<T>&, const io<T>&)`, the adjoint.
template <class L>
struct elementwise_layer : layer_defaults {
  using joins_as = L;  // so that a layer derived from L with other passes is not taken for L
  static constexpr bool in_place = true;
  static constexpr bool finishes = true;
  static constexpr bool strided = true;

  static constexpr shape output(shape in) { return in; }
  static constexpr std::optional<window> sees(shape) { return window{}; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::epilogue<T> e = t.after;
    L::join_forward(e, t);
    kernel::apply(d, t.x, e, t.y);
  }
  template <class D, class R, class T>
  static void backward(const D& d, R, const io<T>& t) {
    kernel::epilogue<T> e = t.after;
    L::join_backward(rules::facts[rules::index<R>], e, t);
    kernel::apply(d, t.dy, e, t.dx);
  }
};

/// Whether L can be a stage of another kernel's epilogue.
template <class L>
concept joinable = layer<L> && L::stage != stage::none && std::same_as<L, typename L::joins_as> &&
                   requires(kernel::epilogue<float>& e, const io<float>& t) {
                     L::join_forward(e, t);
                     L::join_backward(rule_facts{}, e, t);
                   };

}  // namespace salient
