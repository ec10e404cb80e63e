// SPDX-License-Identifier: MIT
#pragma once

#include "salient/method/feature_maps.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

template <layer_id Layer = default_layer>
struct layer_gradient_x_activation : of_spatial_layer<Layer> {
  static constexpr method_words words{
      .name = "layer_gradient_x_activation",
      .title = "Layer Gradient x Activation",
      .paper =
          "Ancona, Ceolini, Oztireli, Gross: Towards better understanding of gradient-based attribution "
          "methods (2017)",
      .link = "https://arxiv.org/abs/1711.06104",
      .does =
          "Gradients x Input with a layer's feature maps as the input: what each of its values would "
          "contribute if the layers behind it were linear.",
      .good =
          "Signed, and says which feature map counts where. Exact where the layers behind are linear and "
          "have no biases.",
      .bad =
          "One value for each feature map and position: to look at it, sum the channels, which is HiResCAM.",
      .of_layer = true,
  };

  template <class Query>
  auto at(const Query& q, int layer) const {
    q.backward(layer);
    auto& s = q.session();
    const long size = q.batch() * Query::network::extent(layer).elements();
    kernel::multiply_elements(s.model().device(), size, s.activation(layer), s.signal(layer),
                              s.signal(layer));
    return q.result(q.signal(layer));
  }
};

}  // namespace methods

/// A dz_c/dA, element by element: the shape of the layer's output, N x h x w x K. `"input"` as the layer
/// gives gradients_x_input. Ancona, Ceolini, Oztireli and Gross 2018, arXiv:1711.06104.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto layer_gradient_x_activation(const Model& model, const basic_tensor<typename Model::scalar>& images,
                                 const Target& target = {},
                                 const methods::layer_gradient_x_activation<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
