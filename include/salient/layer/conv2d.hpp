// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/conv.hpp"
#include "salient/layer/layer.hpp"
#include "salient/layer/sliding.hpp"

namespace salient {

/// Two-dimensional convolution (cross-correlation): H x W x I to H' x W' x Filters.
///
/// As PyTorch's `Conv2d(I, Filters, Kernel, Stride, Padding, bias=Bias)`.
template <int Filters, size Kernel, size Stride = 1, padding Padding = valid, bool Bias = true>
struct conv2d : layer_defaults {
  static_assert(Filters > 0, "conv2d must have at least one filter");
  using slides = sliding<Kernel, Stride, Padding>;

  static constexpr std::string_view name = "conv2d";
  static constexpr std::string_view needs = "an input at least as large as its kernel";
  static constexpr layer_role role = layer_role::convolution;
  static constexpr bool linear = true;
  static constexpr bool finishes = true;

  static constexpr bool accepts(shape in) { return slides::fits(in); }
  static constexpr shape output(shape in) { return slides::output(in, Filters); }
  static constexpr parameter_shapes parameters(shape in) {
    return {.filters = Filters, .patch = {Kernel.height, Kernel.width, in.channels}, .bias = Bias};
  }
  static constexpr long packed(shape in) {
    return kernel::packed_elements(slides::over(in), in.channels, Filters);
  }
  static constexpr long scratch(shape in, long batch) {
    return kernel::conv_scratch(slides::over(in), in, output(in), batch);
  }
  static constexpr long training_scratch(shape in, long batch) {
    return kernel::conv_gradient_scratch(slides::over(in), in, output(in), batch);
  }

  template <class D, class T>
  static void pack(const D& d, shape in, long first, long count, const T* weight, T* packed) {
    kernel::pack(d, slides::over(in), in.channels, Filters, first, count, weight, packed);
  }
  template <class D, class T>
  static void unpack(const D& d, shape in, const T* packed, T* weight) {
    kernel::unpack(d, slides::over(in), in.channels, Filters, packed, weight);
  }
  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::conv(d, t.batch, slides::over(t.in), t.in, t.out, t.x, t.weight, t.packed, t.bias, t.after, t.y,
                 t.scratch);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::conv_input_gradient(d, t.batch, slides::over(t.in), t.in, t.out, t.dy, t.weight, t.packed,
                                t.after, t.dx, t.scratch);
  }
  template <class D, class T>
  static void parameter_gradient(const D& d, const io<T>& t) {
    kernel::conv_weight_gradient(d, t.batch, slides::over(t.in), t.in, t.out, t.x, t.dy, t.dweight, t.dbias,
                                 t.scratch);
  }
};

}  // namespace salient
