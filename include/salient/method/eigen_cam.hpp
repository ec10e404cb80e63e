// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/method/feature_maps.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {
/// The projection of each image's feature maps on their first principal component: N x h x w x 1. For float
/// and double. Throws salient::error if a value is not finite.
template <class T>
SALIENT_EXPORT basic_tensor<T> principal_map(const basic_tensor<T>& maps);
}  // namespace detail

template <layer_id Layer = default_layer>
struct eigen_cam : of_spatial_layer<Layer> {
  static constexpr method_words words{
      .name = "eigen_cam",
      .title = "Eigen-CAM",
      .paper = "Muhammad, Yeasin: Eigen-CAM (2020)",
      .link = "https://arxiv.org/abs/2008.00299",
      .does =
          "The first principal component of the feature maps: the one map that explains most of how they "
          "vary over the image. The score does not enter it.",
      .good =
          "No backward pass. Often outlines the object that stands out, whatever the network makes of it.",
      .bad = "The same for every class: it cannot say why the network chose one.",
      .of_layer = true,
  };

  template <class Query>
  auto at(const Query& q, int layer) const {
    return q.result(detail::principal_map(q.activation(layer)));
  }
};

}  // namespace methods

/// The feature maps of a layer as a matrix of positions and channels, each channel less its mean, projected
/// on the first right singular vector: signed, with the layer's height and width. The sign is that in which
/// the map correlates with the sum of the feature maps. THE SAME FOR EVERY CLASS. Muhammad and Yeasin 2020,
/// arXiv:2008.00299.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto eigen_cam(const Model& model, const basic_tensor<typename Model::scalar>& images,
               const Target& target = {}, const methods::eigen_cam<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
