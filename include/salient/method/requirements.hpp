// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "salient/graph/network.hpp"
#include "salient/method/layer_id.hpp"

namespace salient {

// What saliency methods ask of a network, as concepts.

namespace detail {

template <class Network>
constexpr bool has_role(layer_role wanted) {
  for (const layer_facts& l : Network::facts)
    if (l.role == wanted) return true;
  return false;
}

/// The pooled head's global average: the layer, or -1 if the tail is not global_avg_pool, flattens, dense,
/// softmax.
template <class Network>
constexpr int pooled_head_layer() {
  const auto role = [](int i) { return Network::facts[static_cast<std::size_t>(i)].role; };
  int i = Network::scores - 1;
  if (i < 0 || role(i) != layer_role::dense) return -1;
  --i;
  while (i >= 0 && role(i) == layer_role::flatten) --i;
  return i >= 0 && role(i) == layer_role::global_average ? i : -1;
}

/// The ReLU after the last convolution, or that convolution, or -1: where Grad-CAM looks unless told.
template <class Network>
constexpr int last_convolution() {
  for (int i = Network::size - 1; i >= 0; --i)
    if (Network::facts[static_cast<std::size_t>(i)].role == layer_role::convolution) {
      const bool rectified = i + 1 < Network::size &&
                             Network::facts[static_cast<std::size_t>(i + 1)].role == layer_role::rectifier;
      return rectified ? i + 1 : i;
    }
  return -1;
}

template <class Network>
struct all_piecewise_linear;
template <template <class...> class Network, class Input, class... L>
struct all_piecewise_linear<Network<Input, L...>> {
  /// Of the layers up to the scores: a softmax at the end does not count.
  static constexpr bool value = [] {
    const bool each[] = {piecewise_linear_on<L, cpu, float>...};
    for (int i = 0; i < Network<Input, L...>::scores; ++i)
      if (!each[i]) return false;
    return true;
  }();
};

}  // namespace detail

/// It gives one score a class. Every layer is differentiable by contract.
template <class Network>
concept differentiable = !Network::output_shape.spatial();

template <class Network>
concept has_relu = detail::has_role<Network>(layer_role::rectifier);

template <class Network>
concept has_convolution = detail::has_role<Network>(layer_role::convolution);

/// It ends in global average pool, dense (and softmax), with any number of flattens between.
template <class Network>
concept pooled_head = detail::pooled_head_layer<Network>() >= 0;

/// Its class scores are made of linear pieces: linear layers, ReLUs and max-pools.
template <class Network>
concept piecewise_linear = detail::all_piecewise_linear<Network>::value;

/// The layer that a method with argument Id looks at: Id's, or the last convolution's activation.
template <class Network, layer_id Id>
inline constexpr int chosen_layer =
    Id.by_default() ? detail::last_convolution<Network>() : layer_index<Network, Id>;

template <class Network, layer_id Id>
concept names_layer = chosen_layer<Network, Id> >= 0;

/// The layer's output is a map with more than one position.
template <class Network, layer_id Id>
concept spatial_layer =
    names_layer<Network, Id> &&
    Network::inferred.shapes[static_cast<std::size_t>(chosen_layer<Network, Id> + 1)].spatial();

/// Says in words why a layer will not do. Never returns false: what does not hold does not compile.
template <class Network, layer_id Id>
constexpr bool demand_spatial_layer() {
  static_assert(!Id.by_default() || has_convolution<Network>,
                "salient: this method needs a network with a convolution, or a layer with a spatial output "
                "named as its "
                "template argument");
  static_assert(Id.by_default() || names_layer<Network, Id>,
                "salient: the network has no layer of this name or index");
  static_assert(!names_layer<Network, Id> || spatial_layer<Network, Id>,
                "salient: this method needs a layer with a spatial output (more than one position); this "
                "layer's is a vector");
  return true;
}

}  // namespace salient
