// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "salient/core/shape.hpp"

namespace salient {

/// One tensor of a layer's parameters. On disk it has PyTorch's name, dimensions and order; kernels read
/// `filters` rows of one patch each, channels last.
struct parameter_tensor {
  std::string_view name;  ///< "weight"
  int filters = 0;        ///< the first dimension
  shape patch{1, 1, 1};   ///< what one filter reads: kernel height x kernel width x input channels
  int rank = 1;           ///< dimensions on disk: 1 (F), 2 (F, patch), 3 (F, H, W), 4 (F, C, H, W)
  bool trained = true;    ///< false for a statistic, such as a running mean
  float initial = 0;      ///< initial value of an untrained vector; filters and their biases are random
  bool drawn = true;      ///< whether an initialiser sets random values

  constexpr long elements() const { return filters * patch.elements(); }
};

/// A layer's tensors in PyTorch's order.
struct parameter_list {
  static constexpr std::size_t most = 4;
  std::array<parameter_tensor, most> tensors{};
  std::size_t count = 0;

  constexpr std::span<const parameter_tensor> all() const { return std::span(tensors).first(count); }
  constexpr long elements() const {
    long sum = 0;
    for (const parameter_tensor& t : all()) sum += t.elements();
    return sum;
  }
};

/// Weights of `filters` patches and an optional bias for each filter: the parameters of most layers.
constexpr parameter_list weight_and_bias(int filters, shape patch, int rank, bool bias) {
  parameter_list list;
  list.tensors[list.count++] = {.name = "weight", .filters = filters, .patch = patch, .rank = rank};
  if (bias) list.tensors[list.count++] = {.name = "bias", .filters = filters};
  return list;
}

}  // namespace salient
