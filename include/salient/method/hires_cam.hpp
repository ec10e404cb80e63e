// SPDX-License-Identifier: MIT
#pragma once

#include "salient/method/feature_maps.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {

struct hires_cam_rule {
  static constexpr method_words words{
      .name = "hires_cam",
      .title = "HiResCAM",
      .paper = "Draelos, Carin: Use HiResCAM instead of Grad-CAM (2020)",
      .link = "https://arxiv.org/abs/2011.08891",
      .does =
          "The sum of feature maps times the gradient of the score at each position. Grad-CAM averages this "
          "gradient over the map; here every position keeps its own. Only the positive part is kept.",
      .good =
          "Shows only positions that raised the score, where the layers behind it are linear. Costs no more "
          "than Grad-CAM.",
      .bad = "As coarse as its layer. Behind layers that are not linear nothing is promised.",
      .of_layer = true,
      .non_negative = true,
  };

  template <class Query>
  static auto map(const Query& q, int layer) {
    return from_maps_and_gradients(
        q, layer, [](const auto& maps, const auto& gradients) { return channel_products(maps, gradients); });
  }
};

}  // namespace detail

template <layer_id Layer = default_layer>
using hires_cam = signed_layer_map<detail::hires_cam_rule, Layer>;

}  // namespace methods

/// relu(sum over k of dz_c/dA^k A^k), element by element, with the layer's height and width. Without the relu
/// it is the sum over channels of layer_gradient_x_activation. Draelos and Carin 2020, arXiv:2011.08891.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto hires_cam(const Model& model, const basic_tensor<typename Model::scalar>& images,
               const Target& target = {}, const methods::hires_cam<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
