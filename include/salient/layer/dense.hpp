// SPDX-License-Identifier: MIT
#pragma once

#include "salient/layer/conv2d.hpp"

namespace salient {

/// Fully connected layer at every position: H x W x I to H x W x Outputs. Runs as a 1 x 1 convolution.
///
/// As PyTorch's `Linear(I, Outputs, bias)` on channels-last maps, which ConvNeXt's blocks use.
template <int Outputs, bool Bias = true>
struct pointwise : conv2d<Outputs, 1, with{.bias = Bias}> {
  static constexpr std::string_view name = "pointwise";
  static constexpr parameter_list parameters(shape in) {
    return weight_and_bias(Outputs, {1, 1, in.channels}, 2, Bias);
  }
};

namespace detail {

/// Checked before the base class, whose message would speak of a convolution's filters.
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
