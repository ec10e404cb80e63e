// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "salient/method/layer_path.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {

struct internal_influence_rule {
  static constexpr method_words words{
      .name = "internal_influence",
      .title = "Internal Influence",
      .paper = "Leino, Sen, Datta, Fredrikson, Li: Influence-Directed Explanations (2018)",
      .link = "https://arxiv.org/abs/1802.03788",
      .does = "The mean gradient of the score at a layer, over the line from a baseline to the image.",
      .good = "Signed. Less dependent on saturated units than the gradient at the image alone.",
      .bad =
          "Does not ask whether a feature map was active, so the sum of its values has no meaning. Under a "
          "pooled head it is the same at every position. Dozens of passes, and a baseline to choose.",
      .of_layer = true,
  };

  static constexpr std::string_view name = "internal influence";
  static constexpr int most_steps = most_quadrature_steps;
  static constexpr bool complete = false;

  static nodes points(quadrature rule, int steps) { return make_nodes(rule, steps); }

  template <class T>
  struct step {
    explicit step(std::size_t) {}

    void operator()(double weight, std::span<const T>, std::span<const T> gradients, std::span<double> sum) {
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * static_cast<double>(gradients[i]);
    }
  };
};

}  // namespace detail

template <layer_id Layer = default_layer>
using internal_influence = along_layer_path<detail::internal_influence_rule, Layer>;

}  // namespace methods

/// The mean of dz_c/dA over the line from the baseline to the network's input: the shape of the layer's
/// output, N x h x w x K. Leino, Sen, Datta, Fredrikson and Li 2018, arXiv:1802.03788.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto internal_influence(const Model& model, const basic_tensor<typename Model::scalar>& images,
                        const Target& target = {}, const methods::internal_influence<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
