// SPDX-License-Identifier: MIT
#pragma once

#include "salient/device/buffer.hpp"
#include "salient/kernel/map.hpp"
#include "salient/method/explain.hpp"

namespace salient::methods::detail {

/// The sum over k of weight_k A^k at an activation: N x h x w x 1. `fill(weights)` must write N x K weights
/// to device memory.
template <class Query, class F>
auto weighted_maps(const Query& q, int activation, const F& fill) {
  using scalar = typename Query::scalar;
  auto& s = q.session();
  const auto& device = s.model().device();
  const shape maps = Query::network::extent(activation);
  buffer<scalar, typename Query::device_type> memory(
      device, static_cast<std::size_t>(q.batch() * (maps.channels + maps.positions())));
  scalar* weights = memory.data();
  scalar* sum = weights + q.batch() * maps.channels;
  fill(weights);
  kernel::weighted_channels(device, q.view_of(s.activation(activation), activation), weights, sum);
  basic_tensor<scalar> result({maps.height, maps.width, 1}, q.batch());
  s.read(sum, result.values);
  return result;
}

}  // namespace salient::methods::detail
