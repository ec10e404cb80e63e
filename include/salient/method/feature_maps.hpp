// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <tuple>
#include <utility>

#include "salient/core/export.hpp"
#include "salient/device/buffer.hpp"
#include "salient/kernel/map.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/option.hpp"
#include "salient/method/words.hpp"

namespace salient::methods {

/// Common part of the methods that combine the feature maps of a layer with the gradients of the score there.
template <layer_id Layer>
struct of_spatial_layer {
  using needs = requirements<need::class_scores, need::spatial_layer<Layer>>;

  template <class Network>
  static constexpr int tap = chosen_activation<Network, Layer>;
};

/// What an option `relu` that is true says of its flag --no-relu.
inline constexpr std::string_view relu_help =
    "Keep negative values too, evidence against the class; without them a map may be all zero";

namespace detail {

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

/// f(feature maps, gradients of the target there), both in host memory: N x h x w x K. Kernels on the host
/// are enough: next to the passes, sums over one layer cost nothing.
template <class Query, class F>
auto from_maps_and_gradients(const Query& q, int activation, const F& f) {
  using scalar = typename Query::scalar;
  auto& s = q.session();
  q.backward(activation);
  basic_tensor<scalar> maps(Query::network::extent(activation), q.batch()), gradients(maps);
  s.read(s.activation(activation), maps.values, s.signal(activation), gradients.values);
  return f(maps, gradients);
}

/// Zeroes negative values. For float and double. Throws salient::error if a value is not finite, which under
/// -ffast-math the comparison could hide.
template <class T>
SALIENT_EXPORT void keep_positive(basic_tensor<T>& map);

/// The sum over k of A^k g^k at each position: N x h x w x 1. For float and double.
template <class T>
SALIENT_EXPORT basic_tensor<T> channel_products(const basic_tensor<T>& maps,
                                                const basic_tensor<T>& gradients);

/// The sum over k of weight_k A^k: N x h x w x 1. `weights`: N x 1 x 1 x K.
template <class T>
SALIENT_EXPORT basic_tensor<T> weighted_sum(const basic_tensor<T>& maps, const basic_tensor<double>& weights);

}  // namespace detail

/// A method whose map keeps its sign unless a ReLU leaves only evidence for the class. Rule has the method's
/// words, and map(query, layer), the map with its sign: N x h x w x 1.
template <class Rule, layer_id Layer>
struct signed_layer_map {
  static constexpr method_words words = Rule::words;
  static constexpr bool side_by_side = true;

  bool relu = true;  ///< keep only evidence for the class

  static constexpr auto options = std::tuple{method_option{"relu", relu_help, &signed_layer_map::relu}};

  using reads = of_spatial_layer<Layer>;  // a base would cause warnings where users name options

  using needs = typename reads::needs;
  template <class Network>
  static constexpr int tap = reads::template tap<Network>;

  template <class Query>
  auto at(const Query& q, int layer) const {
    auto map = Rule::map(q, layer);
    if (relu) detail::keep_positive(map);
    return q.result(std::move(map));
  }
};

}  // namespace salient::methods
