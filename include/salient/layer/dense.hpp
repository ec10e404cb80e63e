// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/conv.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// Fully connected layer: 1 x 1 x I to 1 x 1 x Outputs. A convolution of one position, and run as one.
///
/// As PyTorch's `Linear(I, Outputs, bias=Bias)`.
template <int Outputs, bool Bias = true>
struct dense : layer_defaults {
  static_assert(Outputs > 0, "dense must have at least one output");

  static constexpr std::string_view name = "dense";
  static constexpr std::string_view needs = "a vector (put a flatten before it)";
  static constexpr layer_role role = layer_role::dense;
  static constexpr bool linear = true;
  static constexpr bool finishes = true;

  static constexpr bool accepts(shape in) { return !in.spatial() && in.channels > 0; }
  static constexpr shape output(shape) { return {1, 1, Outputs}; }
  static constexpr parameter_shapes parameters(shape in) {
    return {.filters = Outputs, .patch = {1, 1, in.channels}, .bias = Bias, .matrix = true};
  }
  static constexpr long training_scratch(shape in, long batch) {
    return kernel::conv_gradient_scratch({}, in, output(in), batch);
  }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::conv(d, t.batch, {}, t.in, t.out, t.x, t.weight, t.packed, t.bias, t.after, t.y, t.scratch);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::conv_input_gradient(d, t.batch, {}, t.in, t.out, t.dy, t.weight, t.packed, t.after, t.dx,
                                t.scratch);
  }
  template <class D, class T>
  static void parameter_gradient(const D& d, const io<T>& t) {
    kernel::conv_weight_gradient(d, t.batch, {}, t.in, t.out, t.x, t.dy, t.dweight, t.dbias, t.scratch);
  }
};

}  // namespace salient
