// SPDX-License-Identifier: MIT
#pragma once

#include "salient/method/feature_maps.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

template <layer_id Layer = default_layer>
struct layer_cam : of_spatial_layer<Layer> {
  static constexpr method_words words{
      .name = "layer_cam",
      .title = "LayerCAM",
      .paper = "Jiang, Zhang, Hou, Cheng, Wei: LayerCAM, Exploring Hierarchical Class Activation Maps (2021)",
      .link = "https://doi.org/10.1109/TIP.2021.3089943",
      .does =
          "The sum of feature maps times the positive part of the gradient at each position, so that each "
          "position of a map has a weight of its own.",
      .good = "Usable at early layers, whose maps are fine, where Grad-CAM's mean gradient says little.",
      .bad =
          "Drops evidence against the class: the sum of its values says nothing about the score. Early "
          "layers follow edges.",
      .of_layer = true,
      .non_negative = true,
  };

  template <class Query>
  auto at(const Query& q, int layer) const {
    return q.result(detail::from_maps_and_gradients(q, layer, [](const auto& maps, auto gradients) {
      detail::keep_positive(gradients);
      auto map = detail::channel_products(maps, gradients);
      detail::keep_positive(map);
      return map;
    }));
  }
};

}  // namespace methods

/// relu(sum over k of relu(dz_c/dA^k) A^k), element by element, with the layer's height and width. Jiang,
/// Zhang, Hou, Cheng and Wei 2021, doi:10.1109/TIP.2021.3089943.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto layer_cam(const Model& model, const basic_tensor<typename Model::scalar>& images,
               const Target& target = {}, const methods::layer_cam<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
