// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "salient/graph/network.hpp"
#include "salient/graph/program.hpp"
#include "salient/method/layer_id.hpp"

namespace salient {

// What saliency methods require of a network, as concepts.

namespace detail {

template <class Network>
constexpr bool has_role(layer_role wanted) {
  for (const graph_row& row : Network::graph.rows)
    if (row.facts->role == wanted) return true;
  return false;
}

/// The row that computes an activation, skipping flattens.
template <class Network>
constexpr int row_behind_flatten(int activation) {
  while (activation > 0 && Network::graph.facts(activation - 1).role == layer_role::flatten)
    activation = Network::graph.inputs(activation - 1)[0];
  return activation - 1;
}

/// A pooled head: a global average pool, then at most one dense layer; flattens and dropouts may be anywhere.
struct pooled_head_place {
  int maps = -1;        ///< the pooled activation, or -1 without such a head
  int classifier = -1;  ///< the dense layer's row; -1 if there is one map per class
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

/// The last map that every path crosses, before any final pools; -1 if only the input remains. For most
/// networks the activation after the last convolution or block.
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

/// The network has one score per class. Every layer is differentiable by contract.
template <class Network>
concept differentiable = !Network::output_shape.spatial();

/// The network has a ReLU or another activation, at which the backward rules differ.
template <class Network>
concept has_activation =
    detail::has_role<Network>(layer_role::rectifier) || detail::has_role<Network>(layer_role::activation);

template <class Network>
concept has_convolution = detail::has_role<Network>(layer_role::convolution);

/// The network ends in a global average pool and a dense layer, or in the pool alone, as SqueezeNet does.
/// Flattens, dropouts and a softmax are ignored.
template <class Network>
concept pooled_head = detail::find_pooled_head<Network>().maps >= 0;

/// The scores are piecewise linear: linear layers, piecewise linear activations and max-pools.
template <class Network>
concept piecewise_linear = detail::all_piecewise_linear<Network>();

/// The activation that a method with argument Id reads: Id's, or by default the last map that every
/// path crosses.
template <class Network, layer_id Id>
inline constexpr int chosen_activation =
    Id.by_default() ? detail::last_map<Network>() : activation_of<Network, Id>;

template <class Network, layer_id Id>
concept names_layer = chosen_activation<Network, Id> >= 0;

/// The activation has more than one position.
template <class Network, layer_id Id>
concept spatial_layer = names_layer<Network, Id> && Network::extent(chosen_activation<Network, Id>).spatial();

}  // namespace salient
