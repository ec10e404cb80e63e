// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/conv.hpp"
#include "salient/layer/layer.hpp"
#include "salient/layer/sliding.hpp"

namespace salient {

/// Two-dimensional convolution (cross-correlation): H x W x I to H' x W' x Filters.
///
/// As PyTorch's `Conv2d(I, Filters, Kernel, stride, padding, dilation, groups, bias)`. The padding may also
/// differ from side to side, or be TensorFlow's SAME. With as many groups as channels it is depthwise.
template <int Filters, size Kernel, with Options = with{}>
struct conv2d : layer_defaults {
  static constexpr with options = detail::stride_or(Options, 1);
  static_assert(Filters > 0, "conv2d must have at least one filter");
  static_assert(options.groups > 0 && Filters % options.groups == 0,
                "conv2d needs groups that divide its filters");
  static_assert(!options.ceil_mode && options.count_include_pad,
                "conv2d has options that only poolings have");
  using slides = sliding<Kernel, options>;

  static constexpr std::string_view name = "conv2d";
  static constexpr std::string_view needs =
      options.groups == 1 ? "an input at least as large as its kernel"
                          : "an input at least as large as its kernel, with channels that its groups divide";
  static constexpr layer_role role = layer_role::convolution;
  static constexpr salient::constant_part constant_part =
      options.bias ? salient::constant_part::bias : salient::constant_part::none;
  static constexpr bool linear = true;
  static constexpr bool finishes = true;
  static constexpr bool rescales = true;
  static constexpr bool strided = true;
  static constexpr bool per_position =
      Kernel == size(1) && options.stride == size(1) && options.padding == padding(0) && options.groups == 1;

  static constexpr bool accepts(shape in) { return slides::fits(in) && in.channels % options.groups == 0; }
  static constexpr shape output(shape in) { return slides::output(in, Filters); }
  static constexpr std::optional<window> sees(shape in) { return slides::over(in); }
  static constexpr kernel::conv_problem problem(shape in) {
    return {slides::over(in), in.channels, Filters, options.groups};
  }
  static constexpr parameter_list parameters(shape in) {
    return weight_and_bias(Filters, {Kernel.height, Kernel.width, in.channels / options.groups}, 4,
                           options.bias);
  }
  static constexpr long packed(shape in) {
    // At a single position, a convolution without groups is a dense layer.
    const bool dense = in.positions() == 1 && problem(in).w.pointwise() && options.groups == 1;
    return dense ? 0 : kernel::packed_elements(problem(in));
  }
  static constexpr long scratch(shape in, long batch) {
    return kernel::conv_scratch(problem(in), output(in), batch);
  }
  static constexpr long training_scratch(shape in, long batch) {
    return kernel::conv_gradient_scratch(problem(in), in, output(in), batch);
  }

  template <class D, class T>
  static void pack(const D& d, shape in, long first, long count, const T* weight, T* packed) {
    kernel::pack(d, problem(in), first, count, weight, packed);
  }
  template <class D, class T>
  static void unpack(const D& d, shape in, const T* packed, T* weight) {
    kernel::unpack(d, problem(in), packed, weight);
  }
  template <class T>
  static kernel::conv_weights<T> weights(const io<T>& t) {
    return {t.parameters[0], t.packed, t.linear_part ? nullptr : t.parameters[1], t.filter_scale};
  }
  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::conv(d, problem(t.x.extent), t.x, weights(t), t.after, t.y, t.scratch);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::conv_input_gradient(d, problem(t.x.extent), t.dy, weights(t), t.after, t.dx, t.scratch);
  }
  template <class D, class T>
  static void parameter_gradient(const D& d, const io<T>& t) {
    kernel::conv_weight_gradient(d, problem(t.x.extent), t.x, t.dy,
                                 kernel::conv_gradients<T>{t.gradients[0], t.gradients[1]}, t.scratch);
  }
};

}  // namespace salient
