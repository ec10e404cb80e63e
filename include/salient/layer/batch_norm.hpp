// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include "salient/kernel/batch_norm.hpp"
#include "salient/layer/elementwise.hpp"

namespace salient {

/// Options of normalisations: `batch_norm<norm{.epsilon = 1e-3}>`.
struct norm {
  double epsilon = 1e-5;
  bool affine = true;  ///< whether there is a weight and a bias
};

/// Batch normalisation: (x - mean) / sqrt(variance + epsilon) times weight plus bias, per channel. With
/// the running mean and variance this is y = scale_c x + shift_c. Training uses the statistics of the
/// batch and updates the running ones. After a convolution or dense layer it is fused into that layer,
/// forward and backward.
///
/// As PyTorch's `BatchNorm2d` or `BatchNorm1d`, `(channels, eps, affine=...)`. Ioffe and Szegedy
/// 2015, arXiv:1502.03167.
template <norm Options = norm{}>
struct batch_norm : elementwise_layer<batch_norm<Options>> {
  static_assert(Options.epsilon >= 0, "batch_norm needs an epsilon of at least 0");

  static constexpr std::string_view name = "batch_norm";
  static constexpr layer_role role = layer_role::normalisation;
  static constexpr salient::stage stage = salient::stage::scale;
  static constexpr salient::constant_part constant_part = salient::constant_part::shift;
  static constexpr bool linear = true;
  static constexpr bool has_training = true;

  static constexpr parameter_list parameters(shape in) {
    parameter_list list;
    const auto add = [&](std::string_view name, float initial, bool trained) {
      list.tensors[list.count++] = {
          .name = name, .filters = in.channels, .trained = trained, .initial = initial, .drawn = false};
    };
    if (Options.affine) {
      add("weight", 1, true);
      add("bias", 0, true);
    }
    add("running_mean", 0, false);
    add("running_var", 1, false);
    return list;
  }

  /// Scales, then shifts.
  static constexpr long derived(shape in) { return 2L * in.channels; }
  template <class T>
  static void derive(shape in, const T* const* tensors, T* derived) {
    const T* const weight = Options.affine ? tensors[0] : nullptr;
    const T* const bias = Options.affine ? tensors[1] : nullptr;
    const T* const mean = tensors[Options.affine ? 2 : 0];
    const T* const variance = tensors[Options.affine ? 3 : 1];
    for (int c = 0; c < in.channels; ++c) {
      const double deviation = std::sqrt(static_cast<double>(variance[c]) + Options.epsilon);
      const double scale = (weight ? static_cast<double>(weight[c]) : 1.0) / deviation;
      derived[c] = static_cast<T>(scale);
      derived[in.channels + c] =
          static_cast<T>((bias ? static_cast<double>(bias[c]) : 0.0) - static_cast<double>(mean[c]) * scale);
    }
  }

  template <class T>
  static void join_forward(kernel::epilogue<T>& e, const io<T>& t) {
    e.scale = t.derived;
    e.shift = t.linear_part ? nullptr : t.derived + t.x.extent.channels;
  }
  template <class T>
  static void join_backward(rule_facts, kernel::epilogue<T>& e, const io<T>& t) {
    e.outer_scale = t.derived;
  }

  /// For a batch in training: mean, variance, scale and shift, and the gradients of weight and bias.
  static constexpr long statistics(shape in) { return 6L * in.channels; }

  /// Runs on the host. As in PyTorch, the running variance is the unbiased one, and the momentum is 0.1.
  template <class T>
  static void average(shape in, long values, const T* statistics, T* const* tensors) {
    T* const running = tensors[Options.affine ? 2 : 0];
    T* const variance = tensors[Options.affine ? 3 : 1];
    const double unbiased = values > 1 ? static_cast<double>(values) / static_cast<double>(values - 1) : 1;
    const auto move = [](T& average, double to) {
      average = static_cast<T>(0.9 * static_cast<double>(average) + 0.1 * to);
    };
    for (int c = 0; c < in.channels; ++c) {
      move(running[c], static_cast<double>(statistics[c]));
      move(variance[c], unbiased * static_cast<double>(statistics[in.channels + c]));
    }
  }

  template <class D, class T>
  static void training_forward(const D& d, const io<T>& t) {
    const int channels = t.x.extent.channels;
    T *const mean = t.statistics, *const scale = mean + 2 * channels;
    kernel::batch_statistics(d, t.x, mean, mean + channels);
    kernel::batch_norm_scale(d, channels, of_batch(t), bias(t), scale);
    kernel::epilogue<T> e;
    e.scale = scale;
    e.shift = scale + channels;
    kernel::apply(d, t.x, e, t.y);
  }
  template <class D, class T>
  static void parameter_gradient(const D& d, const io<T>& t) {
    kernel::batch_norm_weight_gradient(d, t.dy, t.x, of_batch(t), gradients(t));
    if (!Options.affine) return;
    const shape vector{1, 1, t.x.extent.channels};
    kernel::apply<D, T>(d, view<T>(gradients(t).dweight, 1, vector), {}, {t.gradients[0], 1, vector});
    kernel::apply<D, T>(d, view<T>(gradients(t).dbias, 1, vector), {}, {t.gradients[1], 1, vector});
  }
  /// Runs after parameter_gradient, whose results it reads.
  template <class D, class T>
  static void training_backward(const D& d, const io<T>& t) {
    kernel::batch_norm_gradient(d, t.dy, t.x, of_batch(t), gradients(t), t.after, t.dx);
  }

 private:
  template <class T>
  static kernel::batch_norm_parameters<T> of_batch(const io<T>& t) {
    return {t.statistics, t.statistics + t.x.extent.channels, Options.affine ? t.parameters[0] : nullptr,
            static_cast<T>(Options.epsilon)};
  }
  template <class T>
  static const T* bias(const io<T>& t) {
    return Options.affine ? t.parameters[1] : nullptr;
  }
  template <class T>
  static kernel::batch_norm_gradients<T> gradients(const io<T>& t) {
    T* const at = t.statistics + 4 * t.x.extent.channels;
    return {at, at + t.x.extent.channels};
  }
};

/// Multiplies each channel by a parameter: y = scale_c x. The parameter has no name of its own but the module
/// path, as ConvNeXt's `layer_scale`; on disk it is C x 1 x 1.
struct scale : elementwise_layer<scale> {
  static constexpr std::string_view name = "scale";
  static constexpr layer_role role = layer_role::normalisation;
  static constexpr salient::stage stage = salient::stage::scale;
  static constexpr bool linear = true;

  static constexpr parameter_list parameters(shape in) {
    parameter_list list;
    list.tensors[list.count++] = {
        .name = "", .filters = in.channels, .rank = 3, .initial = 1, .drawn = false};
    return list;
  }

  template <class T>
  static void join_forward(kernel::epilogue<T>& e, const io<T>& t) {
    e.scale = t.parameters[0];
  }
  template <class T>
  static void join_backward(rule_facts, kernel::epilogue<T>& e, const io<T>& t) {
    e.outer_scale = t.parameters[0];
  }

  template <class D, class T>
  static void parameter_gradient(const D& d, const io<T>& t) {
    kernel::scale_gradient(d, t.dy, t.x, t.gradients[0]);
  }
};

}  // namespace salient
