// SPDX-License-Identifier: MIT
#pragma once

#include "salient/layer/conv2d.hpp"

namespace salient {

/// Fully connected layer at every position: H x W x I to H x W x Outputs. A convolution by kernels of 1 x 1,
/// and run as one.
///
/// As PyTorch's `Linear(I, Outputs, bias)` on channels-last maps, as ConvNeXt's blocks have it.
template <int Outputs, bool Bias = true>
struct pointwise : conv2d<Outputs, 1, with{.bias = Bias}> {
  static constexpr std::string_view name = "pointwise";
  static constexpr parameter_list parameters(shape in) {
    return weight_and_bias(Outputs, {1, 1, in.channels}, 2, Bias);
  }
};

namespace detail {

/// Checked before the base is one of so many filters, which would say it of a convolution.
template <int Outputs>
constexpr int outputs_of_dense() {
  static_assert(Outputs > 0, "dense must have at least one output");
  return Outputs > 0 ? Outputs : 1;
}

}  // namespace detail

/// Fully connected layer: 1 x 1 x I to 1 x 1 x Outputs.
///
/// As PyTorch's `Linear(I, Outputs, bias)`.
template <int Outputs, bool Bias = true>
struct dense : pointwise<detail::outputs_of_dense<Outputs>(), Bias> {
  static constexpr std::string_view name = "dense";
  static constexpr std::string_view needs = "a vector (put a flatten before it)";
  static constexpr layer_role role = layer_role::dense;

  static constexpr bool accepts(shape in) { return !in.spatial() && in.channels > 0; }
};

}  // namespace salient
