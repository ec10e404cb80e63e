// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "salient/method/gradients.hpp"

namespace salient {

namespace methods {

namespace detail {
/// Throws salient::error unless the options suit a layer of so many feature maps; 0 if there is no layer.
void check_units(int map, bool strongest, int maps);

/// Zeroes all activations but those of a feature map, if it is not -1, or the strongest of them in each
/// image: of equals, the first in row-major order. For float and double. Throws as check_units does.
template <class T>
void keep_units(basic_tensor<T>& activations, int map, bool strongest);
}  // namespace detail

/// Without a layer it starts at the target's score; with one, at that layer's activations, as in the paper.
template <layer_id Layer = default_layer>
struct deconvolution {
  int map = -1;            ///< the only feature map to start from; -1 for all. With a layer only.
  bool strongest = false;  ///< start from the strongest unit of `map` alone, the first in row-major order of
                           ///< equals. With a layer and a map only.

  static constexpr bool from_layer = !Layer.by_default();

  template <class Network>
  static constexpr bool applies = differentiable<Network> && has_convolution<Network> &&
                                  has_activation<Network> && (!from_layer || spatial_layer<Network, Layer>);
  template <class Network>
  static constexpr int tap = from_layer ? chosen_activation<Network, Layer> : -1;

  template <class Network>
  static constexpr void demand() {
    static_assert(
        has_convolution<Network> && has_activation<Network>,
        "salient: deconvolution needs a network with a convolution and a ReLU or another activation");
    static_assert(differentiable<Network>,
                  "salient: deconvolution needs a network that ends in a vector of class scores");
    if constexpr (from_layer) demand_spatial_layer<Network, Layer>();
  }

  /// Throws salient::error for a map that the layer does not have, or a map without a layer.
  template <class Network>
  void validate(long) const {
    if constexpr (from_layer)
      detail::check_units(map, strongest, Network::extent(tap<Network>).channels);
    else
      detail::check_units(map, strongest, 0);
  }

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
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto deconvolution(const Model& model, const basic_tensor<typename Model::scalar>& images,
                   const Target& target = {}, const methods::deconvolution<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
