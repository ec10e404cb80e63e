// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/layer_norm.hpp"
#include "salient/layer/batch_norm.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// Layer normalisation: (x - mean) / sqrt(variance + epsilon) times weight plus bias, over the channels of
/// each position, with the biased variance.
///
/// As PyTorch's `LayerNorm(C, eps, elementwise_affine=...)` on channels-last maps or vectors, and
/// torchvision's `LayerNorm2d`. Ba, Kiros and Hinton 2016, arXiv:1607.06450.
template <norm Options = norm{}>
struct layer_norm : layer_defaults {
  static_assert(Options.epsilon >= 0, "layer_norm needs an epsilon of at least 0");

  static constexpr std::string_view name = "layer_norm";
  static constexpr layer_role role = layer_role::normalisation;
  static constexpr salient::constant_part constant_part =
      Options.affine ? salient::constant_part::bias : salient::constant_part::none;
  static constexpr bool finishes = true;
  static constexpr bool strided = true;
  static constexpr retention retains{.inputs = true};

  static constexpr bool accepts(shape in) { return in.elements() > 0; }
  static constexpr shape output(shape in) { return in; }
  static constexpr std::optional<window> sees(shape) { return window{}; }

  static constexpr parameter_list parameters(shape in) {
    parameter_list list;
    if (!Options.affine) return list;
    list.tensors[list.count++] = {.name = "weight", .filters = in.channels, .initial = 1, .drawn = false};
    list.tensors[list.count++] = {.name = "bias", .filters = in.channels, .drawn = false};
    return list;
  }
  static constexpr long training_scratch(shape in, long batch) {
    return Options.affine ? kernel::layer_norm_scratch(in, batch) : 0;
  }

  template <class T>
  static kernel::layer_norm_parameters<T> numbers(const io<T>& t) {
    return {t.parameters[0], t.parameters[1], static_cast<T>(Options.epsilon)};
  }
  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::layer_norm(d, t.x, numbers(t), t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::layer_norm_gradient(d, t.dy, t.x, numbers(t), t.after, t.dx);
  }
  template <class D, class T>
  static void parameter_gradient(const D& d, const io<T>& t)
    requires(Options.affine)
  {
    kernel::layer_norm_weight_gradient(d, t.dy, t.x, static_cast<T>(Options.epsilon),
                                       kernel::layer_norm_gradients<T>{t.gradients[0], t.gradients[1]},
                                       t.scratch);
  }
};

}  // namespace salient
