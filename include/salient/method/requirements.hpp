// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "salient/graph/network.hpp"
#include "salient/graph/program.hpp"
#include "salient/method/layer_id.hpp"

namespace salient {

// What saliency methods ask of a network, as concepts.

namespace detail {

template <class Network>
constexpr bool has_role(layer_role wanted) {
  for (const graph_row& row : Network::graph.rows)
    if (row.facts->role == wanted) return true;
  return false;
}

/// The row that computes an activation, going back over flattens.
template <class Network>
constexpr int row_behind_flatten(int activation) {
  while (activation > 0 && Network::graph.facts(activation - 1).role == layer_role::flatten)
    activation = Network::graph.inputs(activation - 1)[0];
  return activation - 1;
}

/// A pooled head: global average pool, then at most a dense layer; flattens and dropouts anywhere.
struct pooled_head_place {
  int maps = -1;        ///< the activation that is pooled, or -1: there is no such head
  int classifier = -1;  ///< the dense layer's row; -1 where the maps are one for each class
};

template <class Network>
constexpr pooled_head_place find_pooled_head() {
  int row = row_behind_flatten<Network>(Network::scores);
  int classifier = -1;
  if (row >= 0 && Network::graph.facts(row).role != layer_role::global_average &&
      Network::graph.facts(row).linear && Network::graph.in(row).positions() == 1 &&
      Network::graph.facts(row).packed(Network::graph.in(row)) == 0 &&
      (Network::graph.facts(row).role == layer_role::dense ||
       Network::graph.facts(row).role == layer_role::convolution)) {
    classifier = row;
    row = row_behind_flatten<Network>(Network::graph.inputs(row)[0]);
  }
  if (row < 0 || Network::graph.facts(row).role != layer_role::global_average) return {};
  return {Network::graph.inputs(row)[0], classifier};
}

/// The last map that every path crosses, going back over pools; the input is none. Or -1. For most networks
/// the activation behind the last convolution or block.
template <class Network>
constexpr int last_map() {
  int a = Network::scores;
  while (a > 0 && !(Network::every_path_crosses(a) && Network::extent(a).spatial())) --a;
  while (a > 0 && Network::graph.facts(a - 1).role == layer_role::pool &&
         Network::every_path_crosses(Network::graph.inputs(a - 1)[0]))
    a = Network::graph.inputs(a - 1)[0];
  return a > 0 ? a : -1;
}

template <class Network>
constexpr bool all_piecewise_linear() {
  const auto& operations = operations_of<cpu, float, Network>::value;
  for (int row = 0; row < Network::size; ++row) {
    const layer_facts& f = Network::graph.facts(row);
    if (!Network::topology.leads[row + 1] || f.linear || f.joins != join::none) continue;
    if (!operations[static_cast<std::size_t>(row)]->follows) return false;
  }
  return true;
}

}  // namespace detail

/// It gives one score a class. Every layer is differentiable by contract.
template <class Network>
concept differentiable = !Network::output_shape.spatial();

/// It has a ReLU or another activation, at which the backward rules differ.
template <class Network>
concept has_activation =
    detail::has_role<Network>(layer_role::rectifier) || detail::has_role<Network>(layer_role::activation);

template <class Network>
concept has_convolution = detail::has_role<Network>(layer_role::convolution);

/// It ends in a global average pool and a dense layer, or in the pool alone, as SqueezeNet does; flattens,
/// dropouts and a softmax do not count.
template <class Network>
concept pooled_head = detail::find_pooled_head<Network>().maps >= 0;

/// Its class scores are made of linear pieces: linear layers, piecewise linear activations and max-pools.
template <class Network>
concept piecewise_linear = detail::all_piecewise_linear<Network>();

/// The activation that a method with argument Id looks at: Id's, or the last map that every path crosses.
template <class Network, layer_id Id>
inline constexpr int chosen_activation =
    Id.by_default() ? detail::last_map<Network>() : activation_of<Network, Id>;

template <class Network, layer_id Id>
concept names_layer = chosen_activation<Network, Id> >= 0;

/// The activation is a map with more than one position.
template <class Network, layer_id Id>
concept spatial_layer = names_layer<Network, Id> && Network::extent(chosen_activation<Network, Id>).spatial();

/// Says in words why a layer will not do. Never returns false: what does not hold does not compile.
template <class Network, layer_id Id>
constexpr bool demand_spatial_layer() {
  static_assert(!Id.by_default() || has_convolution<Network>,
                "salient: this method needs a network with a convolution, or a layer with a spatial output "
                "named as its "
                "template argument");
  static_assert(Id.by_default() || chosen_activation<Network, Id> != -2,
                "salient: several layers of the network have this name");
  static_assert(Id.by_default() || chosen_activation<Network, Id> == -2 || names_layer<Network, Id>,
                "salient: the network has no layer of this name, and no activation of this number");
  static_assert(!names_layer<Network, Id> || spatial_layer<Network, Id>,
                "salient: this method needs a layer with a spatial output (more than one position); this "
                "layer's is a vector");
  return true;
}

}  // namespace salient
