// SPDX-License-Identifier: MIT
#include "salient/explainer/layers.hpp"

#include "salient/core/error.hpp"

namespace salient::explainer {

std::string describe(const layer_list& layers, const layer_choice& layer) {
  const auto& [height, width, channels] = layer.output;
  return salient::path_of(layers.graph, layer.module) + " (" + std::string(layer.kind) + ", " +
         std::to_string(height) + "x" + std::to_string(width) + "x" + std::to_string(channels) + ")";
}

std::string layer_name(const graph_view& graph, int activation) {
  return salient::path_of(graph, graph.row(activation - 1).module);
}

std::size_t choose_layer(const layer_list& layers, const std::string& wanted) {
  const int activation = layers.graph.find(wanted);
  std::string all;
  for (std::size_t i = 0; i < layers.choices.size(); ++i) {
    if (layers.choices[i].activation == activation) return i;
    all += (all.empty() ? "" : ", ") + describe(layers, layers.choices[i]);
  }
  throw salient::error("the network has no layer '" + wanted +
                       "' with a spatial output that every path crosses; it has " + all);
}

}  // namespace salient::explainer
