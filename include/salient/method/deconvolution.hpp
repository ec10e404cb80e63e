// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>

#include "salient/core/error.hpp"
#include "salient/method/gradients.hpp"

namespace salient {

namespace methods {

namespace detail {
/// Zeroes all activations but those of a feature map, if it is not -1, or the strongest of them in each
/// image. For float and double. Throws salient::error for a map out of range.
template <class T>
void keep_units(basic_tensor<T>& activations, int map, bool strongest);
}  // namespace detail

/// Without a layer it starts at the target's score; with one, at that layer's activations, as in the paper.
template <layer_id Layer = default_layer>
struct deconvolution {
  int map = -1;            ///< the only feature map to start from; -1 for all. With a layer only.
  bool strongest = false;  ///< start from the strongest unit of `map` alone. With a layer and a map only.

  static constexpr bool from_layer = !Layer.by_default();

  template <class Network>
  static constexpr bool applies = differentiable<Network> && has_convolution<Network> && has_relu<Network> &&
                                  (!from_layer || spatial_layer<Network, Layer>);
  template <class Network>
  static constexpr int tap = from_layer ? layer_index<Network, Layer> + 1 : 0;

  template <class Network>
  static constexpr void demand() {
    static_assert(has_convolution<Network> && has_relu<Network>,
                  "salient: deconvolution needs a network with a convolution and a ReLU");
    static_assert(differentiable<Network>,
                  "salient: deconvolution needs a network that ends in a vector of class scores");
    if constexpr (from_layer) demand_spatial_layer<Network, Layer>();
  }

  /// Throws salient::error for a map that the layer does not have.
  template <class Query>
  auto operator()(const Query& q) const {
    if constexpr (from_layer) {
      constexpr int start = tap<typename Query::network>;
      auto activations = q.activation(start);
      detail::keep_units(activations, map, strongest);
      auto& s = q.session();
      s.write(s.signal(start), activations.values);
      s.template backward<deconv>(start, 0);
    } else {
      if (map != -1 || strongest)
        throw error("deconvolution: a feature map to start from goes with a layer; name one");
      q.template backward<deconv>();
    }
    return q.result(q.signal(0));
  }
};

}  // namespace methods

/// The backward pass in which every ReLU passes only positive signals, whatever its input was; convolutions
/// run as their adjoint, max-pools by their switches. The shape of the input. Zeiler and Fergus 2014,
/// arXiv:1311.2901.
///
/// `deconvolution(model, image, logit(7))` starts at a class score; `deconvolution<"features">(model, image,
/// {}, {.map = 3, .strongest = true})` at activations of a layer.
template <layer_id Layer = default_layer, class Model, target Target = logit>
auto deconvolution(const Model& model, const basic_tensor<typename Model::scalar>& images,
                   const Target& target = {}, const methods::deconvolution<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
