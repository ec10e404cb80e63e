// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "salient/method/explain.hpp"
#include "salient/method/requirements.hpp"

namespace salient::explainer {

/// A layer with a spatial output, which a method can look at.
struct layer_choice {
  int activation;         // number of the activation, as network::find gives it
  std::string_view kind;  // "conv2d"
  int module;             // index of the module whose path names the layer
  salient::shape output;
};

/// The spatial layers of a network.
struct layer_list {
  salient::graph_view graph;
  std::span<const layer_choice> choices;
};

/// Module path and output, "3 (relu, 24x24x32)".
std::string describe(const layer_list& layers, const layer_choice& layer);

/// Module path of the layer that computes an activation.
std::string layer_name(const graph_view& graph, int activation);

/// Index of the layer with this module path. Throws salient::error, which lists the layers, if there is none.
std::size_t choose_layer(const layer_list& layers, const std::string& wanted);

namespace detail {

template <class Network>
constexpr auto spatial_layers() {
  constexpr std::size_t count = [] {
    std::size_t n = 0;
    for (int a = 1; a <= Network::size; ++a)
      n += Network::extent(a).spatial() && Network::every_path_crosses(a);
    return n;
  }();
  std::array<layer_choice, count> layers{};
  std::size_t n = 0;
  for (int a = 1; a <= Network::size; ++a)
    if (Network::extent(a).spatial() && Network::every_path_crosses(a))
      layers[n++] = {a, Network::graph.facts(a - 1).name, Network::graph.row(a - 1).module,
                     Network::extent(a)};
  return layers;
}

}  // namespace detail

/// The layers of Network with a spatial output that every path from input to output crosses. A map of another
/// layer, inside a branch, would leave out what the other branches contribute.
template <class Network>
inline constexpr auto spatial_layers = detail::spatial_layers<Network>();

template <class Network>
inline constexpr layer_list layers_of{Network::graph, spatial_layers<Network>};

namespace detail {

template <class Network, int... More>
struct any_layer {
  static constexpr auto& layers = explainer::spatial_layers<Network>;
  template <std::size_t... I>
  static salient::pass_with<More..., layers[I].activation...> make(std::index_sequence<I...>);
  using type = decltype(make(std::make_index_sequence<layers.size()>()));
};

}  // namespace detail

/// A saliency pass that keeps every spatial layer, so that one may be chosen at run time, and more.
template <class Network, int... More>
using pass_of_any_layer = typename detail::any_layer<Network, More...>::type;

/// The default layer of Grad-CAM and its like: the last feature map that every path from input to output
/// crosses.
template <class Network>
std::string default_layer_name() {
  constexpr int chosen = salient::chosen_activation<Network, salient::default_layer>;
  return layer_name(Network::graph, chosen);
}

}  // namespace salient::explainer
