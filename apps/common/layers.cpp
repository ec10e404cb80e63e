// SPDX-License-Identifier: MIT
#include "common/layers.hpp"

#include "salient/core/error.hpp"

namespace apps {

std::string describe(const layer_choice& layer) {
  const auto& [height, width, channels] = layer.output;
  std::string text = std::to_string(layer.index) + " (";
  if (!layer.label.empty()) text += "\"" + std::string(layer.label) + "\", ";
  return text + std::string(layer.kind) + ", " + std::to_string(height) + "x" + std::to_string(width) + "x" +
         std::to_string(channels) + ")";
}

std::size_t choose_layer(std::span<const layer_choice> layers, const std::string& wanted) {
  std::string all;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool named = !layers[i].label.empty() && layers[i].label == wanted;
    if (named || std::to_string(layers[i].index) == wanted) return i;
    all += (all.empty() ? "" : ", ") + describe(layers[i]);
  }
  throw salient::error("the network has no layer '" + wanted + "' with a spatial output; it has " + all);
}

}  // namespace apps
