// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/batch_norm.hpp"
#include "salient/layer/elementwise.hpp"

namespace salient {

/// A number as a template argument. Clang before version 18 does not accept a plain double.
struct number {
  double value;
  constexpr number(double of) : value(of) {}
};

/// Base of activations L: y = f(x), element by element, where f is a `kernel::function` with
/// parameters A and B.
///
/// The gradient multiplies the signal by f'. Guided backpropagation and the deconvnet are defined for ReLUs.
/// Their rules (core/rule.hpp) extend to other activations: guided passes positive signals times f', the
/// deconvnet positive signals unchanged.
template <class L, kernel::function F, number A = 0.0, number B = 0.0>
struct activation_layer : elementwise_layer<L> {
  static constexpr layer_role role = layer_role::activation;
  static constexpr salient::stage stage = salient::stage::activation;
  static constexpr retention retains{.mask = kernel::records_mask(F),
                                     .derivative = kernel::records_derivative(F)};
  /// The slopes of a piecewise linear function: where its mask bit is set, and where it is not.
  static constexpr double open = F == kernel::function::hard_sigmoid ? A.value : 1.0;
  static constexpr double closed = F == kernel::function::leaky_relu ? A.value : 0.0;

  template <class T>
  static const T* slopes(const io<T>& t) {
    if constexpr (F == kernel::function::prelu)
      return L::slopes_of(t);
    else
      return nullptr;
  }
  template <class T>
  static void join_forward(kernel::epilogue<T>& e, const io<T>& t) {
    e.activate = {F, static_cast<T>(A.value), static_cast<T>(B.value), slopes(t), t.mask, t.derivative};
  }
  template <class T>
  static void join_backward(rule_facts rule, kernel::epilogue<T>& e, const io<T>& t) {
    e.through.positive_only = rule.positive_only;
    if (!rule.times_derivative) return;
    e.through.mask = kernel::records_mask(F) ? t.mask : nullptr;
    e.through.open = static_cast<T>(open);
    e.through.closed = static_cast<T>(closed);
    e.through.slopes = slopes(t);
    e.through.derivative = t.derivative;
  }

  template <class D, class T>
  static void follow(const D& d, const line_io<T>& t)
    requires(kernel::records_mask(F))
  {
    kernel::epilogue<T> e;
    join_backward(rules::facts[rules::index<gradient>], e, t.at);
    kernel::apply(d, t.x_slope, e, t.y_slope);
    if constexpr (F == kernel::function::clip) {
      kernel::bend_reach(d, t.at.x, t.x_slope, static_cast<T>(A.value), t.reach);
      kernel::bend_reach(d, t.at.x, t.x_slope, static_cast<T>(B.value), t.reach);
    } else if constexpr (F == kernel::function::hard_sigmoid) {
      kernel::bend_reach(d, t.at.x, t.x_slope, static_cast<T>(-B.value / A.value), t.reach);
      kernel::bend_reach(d, t.at.x, t.x_slope, static_cast<T>((1 - B.value) / A.value), t.reach);
    } else {
      kernel::bend_reach(d, t.at.x, t.x_slope, T(0), t.reach);
    }
  }
};

/// x where x > 0, else Slope x. As PyTorch's `LeakyReLU(Slope)`.
template <number Slope = 0.01>
struct leaky_relu : activation_layer<leaky_relu<Slope>, kernel::function::leaky_relu, Slope> {
  static constexpr std::string_view name = "leaky_relu";
};

/// min(max(Low, x), High). Its derivative is 0 at both bounds.
template <number Low, number High>
struct clip : activation_layer<clip<Low, High>, kernel::function::clip, Low, High> {
  static_assert(Low.value < High.value, "clip needs Low < High");
  static constexpr std::string_view name = "clip";
};

/// min(max(0, x), 6). As PyTorch's `ReLU6()`.
struct relu6 : activation_layer<relu6, kernel::function::clip, 0.0, 6.0> {
  static constexpr std::string_view name = "relu6";
  static constexpr layer_role role = layer_role::rectifier;
};

/// x where x > 0, else slope_c x. The slopes are parameters: one for each channel, or one for all (Shared).
/// As PyTorch's `PReLU(channels)` and `PReLU()`.
template <bool Shared = false>
struct prelu : activation_layer<prelu<Shared>, kernel::function::prelu> {
  static constexpr std::string_view name = "prelu";

  static constexpr parameter_list parameters(shape in) {
    parameter_list list;
    list.tensors[list.count++] = {
        .name = "weight", .filters = Shared ? 1 : in.channels, .initial = 0.25F, .drawn = false};
    return list;
  }
  /// One slope for each channel.
  static constexpr long derived(shape in) { return in.channels; }
  template <class T>
  static void derive(shape in, const T* const* tensors, T* derived) {
    for (int c = 0; c < in.channels; ++c) derived[c] = tensors[0][Shared ? 0 : c];
  }
  template <class T>
  static const T* slopes_of(const io<T>& t) {
    return t.derived;
  }

  static constexpr bool strided = !Shared;  // a shared slope views all values as one channel

  template <class D, class T>
  static void parameter_gradient(const D& d, const io<T>& t) {
    const auto seen = [](view<const T> v) {
      if (Shared) v = {v.data, v.batch, {v.extent.height, v.extent.width * v.extent.channels, 1}};
      return v;
    };
    kernel::prelu_gradient<D, T>(d, seen(t.dy), seen(t.x), t.gradients[0]);
  }
};

/// 1 / (1 + exp(-x)). As PyTorch's `Sigmoid()`.
struct sigmoid : activation_layer<sigmoid, kernel::function::sigmoid> {
  static constexpr std::string_view name = "sigmoid";
};

/// As PyTorch's `Tanh()`.
struct tanh : activation_layer<tanh, kernel::function::tanh> {
  static constexpr std::string_view name = "tanh";
};

/// x sigmoid(x), also called Swish. As PyTorch's `SiLU()`.
struct silu : activation_layer<silu, kernel::function::silu> {
  static constexpr std::string_view name = "silu";
};

/// x min(max(0, x + 3), 6) / 6. As PyTorch's `Hardswish()`.
struct hard_swish : activation_layer<hard_swish, kernel::function::hard_swish> {
  static constexpr std::string_view name = "hard_swish";
};

/// min(max(0, Alpha x + Beta), 1). By default as PyTorch's `Hardsigmoid()`; Paddle's has Alpha 0.2.
template <number Alpha = 1.0 / 6, number Beta = 0.5>
struct hard_sigmoid
    : activation_layer<hard_sigmoid<Alpha, Beta>, kernel::function::hard_sigmoid, Alpha, Beta> {
  static_assert(Alpha.value > 0, "hard_sigmoid needs Alpha > 0");
  static constexpr std::string_view name = "hard_sigmoid";
};

/// x Phi(x), where Phi is the normal distribution function. As PyTorch's `GELU()`.
struct gelu : activation_layer<gelu, kernel::function::gelu> {
  static constexpr std::string_view name = "gelu";
};

/// The tanh approximation of gelu. As PyTorch's `GELU(approximate="tanh")`.
struct gelu_tanh : activation_layer<gelu_tanh, kernel::function::gelu_tanh> {
  static constexpr std::string_view name = "gelu_tanh";
};

/// x where x > 0, else Alpha (exp(x) - 1). As PyTorch's `ELU(Alpha)`.
template <number Alpha = 1.0>
struct elu : activation_layer<elu<Alpha>, kernel::function::elu, Alpha> {
  static constexpr std::string_view name = "elu";
};

/// log(1 + exp(Beta x)) / Beta, and x where Beta x > Threshold. As PyTorch's `Softplus(Beta, Threshold)`.
template <number Beta = 1.0, number Threshold = 20.0>
struct softplus : activation_layer<softplus<Beta, Threshold>, kernel::function::softplus, Beta, Threshold> {
  static_assert(Beta.value > 0, "softplus needs Beta > 0");
  static constexpr std::string_view name = "softplus";
};

}  // namespace salient
