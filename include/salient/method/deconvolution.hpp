// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "salient/core/export.hpp"
#include "salient/method/gradients.hpp"

namespace salient {

namespace methods {

namespace detail {
/// Throws salient::error unless the options fit a layer of `maps` feature maps; 0 means no layer.
SALIENT_EXPORT void check_units(int map, bool strongest, int maps);

/// Keeps only the activations of feature map `map` (all if -1) or, with `strongest`, its largest in each
/// image; zeroes the others. The first in row-major order wins a tie. For float and double. Throws as
/// check_units does.
template <class T>
SALIENT_EXPORT void keep_units(basic_tensor<T>& activations, int map, bool strongest);
}  // namespace detail

/// Starts at the target's score or, with a layer, at that layer's activations, as in the paper.
template <layer_id Layer = default_layer>
struct deconvolution {
  static constexpr bool side_by_side = true;
  static constexpr method_words words{
      .name = "deconvolution",
      .title = "Deconvolution",
      .paper = "Zeiler, Fergus: Visualizing and Understanding Convolutional Networks (2013)",
      .link = "https://arxiv.org/abs/1311.2901",
      .does =
          "Runs the network backwards from the score, by transposed convolutions and remembered pooling "
          "positions. Every ReLU passes positive signals, even where it was off in the forward pass.",
      .good =
          "One pass, full resolution. It can also start inside the network, from one feature map or its "
          "strongest unit, and shows what that unit looks for.",
      .bad =
          "Drops evidence against the class at each ReLU. Only the pooling positions tie the map to the "
          "image: with few poolings it is hardly about this image, and with many the class hardly changes "
          "it.",
  };

  int map = -1;            ///< the only feature map to start from; -1 for all. Requires a layer.
  bool strongest = false;  ///< start only from the largest activation of `map`; the first in row-major
                           ///< order wins a tie. Requires a layer and a map.

  static constexpr bool from_layer = !Layer.by_default();

  using needs = std::conditional_t<
      from_layer,
      requirements<need::class_scores, need::convolution, need::activation, need::spatial_layer<Layer>>,
      requirements<need::class_scores, need::convolution, need::activation>>;
  template <class Network>
  static constexpr int tap = from_layer ? chosen_activation<Network, Layer> : -1;

  /// Throws salient::error if the layer does not have this map, or for a map without a layer.
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
      return starting_at(q, tap<typename Query::network>);
    } else {
      q.template backward<deconv>();
      return q.result(q.signal(0));
    }
  }

  /// The same from a layer that is chosen at run time, by the number of its activation, which the pass keeps.
  /// Throws salient::error if the layer does not have this map.
  template <class Query>
  auto starting_at(const Query& q, int activation) const {
    auto activations = q.activation(activation);
    detail::keep_units(activations, map, strongest);
    auto& s = q.session();
    s.write(s.signal(activation), activations.values);
    s.template backward<deconv>(activation, 0);
    return q.result(q.signal(0));
  }
};

}  // namespace methods

/// Deconvnet: a backward pass in which every ReLU passes only positive signals, whatever its input was. So
/// does every smooth activation, whose derivative is left out.
/// Convolutions run as their adjoint; max-pools use their switches. The map has the shape of the input.
/// Zeiler and Fergus 2014, arXiv:1311.2901.
///
/// `deconvolution(model, image, logit(7))` starts at a class score; `deconvolution<"features">(model, image,
/// {}, {.map = 3, .strongest = true})` at activations of a layer.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto deconvolution(const Model& model, const basic_tensor<typename Model::scalar>& images,
                   const Target& target = {}, const methods::deconvolution<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
