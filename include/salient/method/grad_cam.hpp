// SPDX-License-Identifier: MIT
#pragma once

#include "salient/method/feature_maps.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {

struct grad_cam_rule {
  static constexpr method_words words{
      .name = "grad_cam",
      .title = "Grad-CAM",
      .paper = "Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra: Grad-CAM (2016)",
      .link = "https://arxiv.org/abs/1610.02391",
      .does =
          "A weighted sum of feature maps, in which each weight is the mean gradient of the score over that "
          "map. Only the positive part is kept.",
      .good =
          "Works on any convolutional network, needs the backward pass only down to its layer, and separates "
          "classes.",
      .bad =
          "As coarse as its layer. The mean over a map can cancel what its parts say. Over a pooled head it "
          "is CAM again.",
      .of_layer = true,
      .non_negative = true,
  };

  template <class Query>
  static auto map(const Query& q, int layer) {
    auto& s = q.session();
    return weighted_maps(q, layer, [&](auto* weights) {
      q.backward(layer);
      kernel::channel_mean(s.model().device(), q.view_of(s.signal(layer), layer), weights);
    });
  }
};

}  // namespace detail

template <layer_id Layer = default_layer>
using grad_cam = signed_layer_map<detail::grad_cam_rule, Layer>;

}  // namespace methods

/// relu(sum over k of alpha_k A^k), where alpha_k is the mean over positions of dz_c/dA^k; the layer's height
/// and width. By default the layer is the last map that every path crosses, usually the last convolution's
/// activation. Any layer with a spatial output can be named: `grad_cam<"features">(...)`. Selvaraju et al.
/// 2017, arXiv:1610.02391.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto grad_cam(const Model& model, const basic_tensor<typename Model::scalar>& images,
              const Target& target = {}, const methods::grad_cam<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
