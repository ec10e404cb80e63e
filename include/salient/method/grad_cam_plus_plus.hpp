// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/method/feature_maps.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {
/// Grad-CAM++'s weight of each feature map: N x 1 x 1 x K. For float and double.
template <class T>
SALIENT_EXPORT basic_tensor<double> grad_cam_plus_plus_weights(const basic_tensor<T>& maps,
                                                               const basic_tensor<T>& gradients);
}  // namespace detail

template <layer_id Layer = default_layer>
struct grad_cam_plus_plus : of_spatial_layer<Layer> {
  static constexpr method_words words{
      .name = "grad_cam_plus_plus",
      .title = "Grad-CAM++",
      .paper = "Chattopadhay, Sarkar, Howlader, Balasubramanian: Grad-CAM++ (2017)",
      .link = "https://arxiv.org/abs/1710.11063",
      .does =
          "A weighted sum of feature maps as in Grad-CAM. A weight sums the positive gradients over the map, "
          "each divided by how strongly the map responds, so that a small object counts as much as a large "
          "one.",
      .good = "Covers several objects of one class, and the whole of an object.",
      .bad =
          "Drops negative gradients, so it depends less on the class than Grad-CAM. Its derivation assumes "
          "that the score is exponential; what it computes is a heuristic.",
      .of_layer = true,
      .non_negative = true,
  };

  template <class Query>
  auto at(const Query& q, int layer) const {
    return q.result(detail::from_maps_and_gradients(q, layer, [](const auto& maps, const auto& gradients) {
      auto map = detail::weighted_sum(maps, detail::grad_cam_plus_plus_weights(maps, gradients));
      detail::keep_positive(map);
      return map;
    }));
  }
};

}  // namespace methods

/// relu(sum over k of w_k A^k), with the layer's height and width, where w_k sums alpha relu(g) over the
/// positions of map k, g = dz_c/dA^k and alpha = g^2 / (2 g^2 + g^3 sum of A^k), 0 where the denominator is
/// 0. Chattopadhay, Sarkar, Howlader and Balasubramanian 2018, arXiv:1710.11063.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto grad_cam_plus_plus(const Model& model, const basic_tensor<typename Model::scalar>& images,
                        const Target& target = {}, const methods::grad_cam_plus_plus<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
