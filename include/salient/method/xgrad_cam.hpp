// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/method/feature_maps.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {
/// XGrad-CAM's weight of each feature map: N x 1 x 1 x K. For float and double.
template <class T>
SALIENT_EXPORT basic_tensor<double> xgrad_cam_weights(const basic_tensor<T>& maps,
                                                      const basic_tensor<T>& gradients);

struct xgrad_cam_rule {
  static constexpr method_words words{
      .name = "xgrad_cam",
      .title = "XGrad-CAM",
      .paper = "Fu, Hu, Dong, Guo, Gao, Li: Axiom-based Grad-CAM (2020)",
      .link = "https://arxiv.org/abs/2008.02312",
      .does =
          "A weighted sum of feature maps as in Grad-CAM, but the mean gradient of a map is weighted by its "
          "activations: positions where the map is zero do not count.",
      .good =
          "Without the final ReLU it has the same sum as HiResCAM, which at the last layer of a network "
          "without biases behind it is the score.",
      .bad =
          "As coarse as its layer. A map whose values cancel has a small sum, by which the weight is "
          "divided; use it behind a ReLU.",
      .of_layer = true,
      .non_negative = true,
  };

  template <class Query>
  static auto map(const Query& q, int layer) {
    return from_maps_and_gradients(q, layer, [](const auto& maps, const auto& gradients) {
      return weighted_sum(maps, xgrad_cam_weights(maps, gradients));
    });
  }
};

}  // namespace detail

template <layer_id Layer = default_layer>
using xgrad_cam = signed_layer_map<detail::xgrad_cam_rule, Layer>;

}  // namespace methods

/// relu(sum over k of w_k A^k), with the layer's height and width, where w_k is the sum over positions of
/// A^k dz_c/dA^k divided by the sum of A^k, 0 where that is 0. Fu, Hu, Dong, Guo, Gao and Li 2020,
/// arXiv:2008.02312.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto xgrad_cam(const Model& model, const basic_tensor<typename Model::scalar>& images,
               const Target& target = {}, const methods::xgrad_cam<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
