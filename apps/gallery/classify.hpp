// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "gallery/results.hpp"
#include "salient/graph/session.hpp"

namespace gallery {

/// Scores of any number of images, N x 1 x 1 x classes. Calls `step(done)` after each batch.
template <class Model, class Step>
salient::tensor classify(const Model& model, const salient::tensor& images, const Step& step) {
  constexpr long at_once = 250;
  salient::session<Model, salient::pass::forward> session(model, at_once);
  salient::tensor all({1, 1, Model::network::classes}, images.batch);
  for (long first = 0; first < images.batch; first += at_once) {
    const long count = std::min(at_once, images.batch - first);
    session.forward(images.slice(first, count));
    for (long n = 0; n < count; ++n)
      std::ranges::copy(session.scores().image(n), all.image(first + n).begin());
    step(first + count);
  }
  return all;
}

/// The layers as text: "conv2d 16, relu, flatten, dense 10".
template <class Network>
std::string list_layers() {
  std::string text;
  for (int row = 0; row < Network::size; ++row) {
    const salient::layer_facts& layer = Network::graph.facts(row);
    const int filters = layer.parameters(Network::graph.in(row)).tensors[0].filters;
    text +=
        (row == 0 ? "" : ", ") + std::string(layer.name) + (filters > 0 ? " " + std::to_string(filters) : "");
  }
  return text;
}

template <class Network>
network_row describe_network(const std::string& name, double accuracy) {
  return {name,
          list_layers<Network>(),
          Network::parameters,
          accuracy,
          Network::template memory<salient::pass::forward>(1),
          Network::template memory<salient::pass::saliency<>>(1)};
}

}  // namespace gallery
