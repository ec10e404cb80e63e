// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>

#include "salient/core/export.hpp"
#include "salient/method/changed_inputs.hpp"
#include "salient/method/channel_weights.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {

/// Masks images by the channels of a layer's maps. Its workspace is taken once.
class SALIENT_EXPORT channel_masks {
 public:
  channel_masks(shape input, shape layer);
  ~channel_masks();

  /// Writes the input times one channel, which is scaled to 0..1 and enlarged to the input's size; a constant
  /// channel scales to 0. For float and double.
  template <class T>
  void apply(std::span<const T> input, std::span<const T> maps, int channel, std::span<T> masked);

 private:
  struct workspace;
  std::unique_ptr<workspace> own_;
};

/// Replaces scores by their softmax.
SALIENT_EXPORT void to_softmax(std::span<double> scores);

struct score_cam_rule {
  static constexpr method_words words{
      .name = "score_cam",
      .title = "Score-CAM",
      .paper = "Wang, Wang, Du, Yang, Zhang, Ding, Mardziel, Hu: Score-CAM (2019)",
      .link = "https://arxiv.org/abs/1910.01279",
      .does =
          "A weighted sum of feature maps as in Grad-CAM, but without gradients: the image is shown to the "
          "network through each map as a mask, and the better the score, the larger the map's weight.",
      .good =
          "Needs no gradient, which may be flat: a map's weight is what the network makes of the "
          "part of the image that the map marks.",
      .bad =
          "A whole forward pass for every map, hundreds in a large network. The softmax of scores that lie "
          "far apart leaves a single map. All weights are positive, so that no map counts against the class.",
      .of_layer = true,
      .non_negative = true,
      .slow = true,
  };
  static constexpr bool from_layer = false;

  template <class Query>
  static auto weights(const Query& q, int, const basic_tensor<typename Query::scalar>& maps, long budget) {
    using scalar = typename Query::scalar;
    const auto inputs = q.activation(0);
    const long channels = maps.extent.channels;
    basic_tensor<double> result({1, 1, maps.extent.channels}, q.batch());
    changed_inputs changed(q, channels, budget);
    channel_masks masks(Query::network::input_shape, maps.extent);
    for (long n = 0; n < q.batch(); ++n) {
      const auto scores = result.image(n);
      changed.run(
          n, channels, "at an image masked by a feature map",
          [&](long k, std::span<scalar> masked) {
            masks.apply<scalar>(inputs.image(n), maps.image(n), static_cast<int>(k), masked);
          },
          [&](long k, scalar value) { scores[static_cast<std::size_t>(k)] = static_cast<double>(value); });
      to_softmax(scores);
    }
    return result;
  }
};

}  // namespace detail

template <layer_id Layer = default_layer>
using score_cam = weighed_by_passes<detail::score_cam_rule, Layer>;

}  // namespace methods

/// relu(sum over k of w_k A^k), with the layer's height and width, where w is the softmax over k of the
/// target's value at the network's input times A^k, scaled to 0..1 and enlarged bilinearly. Zero in the input
/// is zero after preprocessing: the mean colour, where a mean is subtracted. A forward pass for each feature
/// map. Wang et al. 2019, arXiv:1910.01279.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto score_cam(const Model& model, const basic_tensor<typename Model::scalar>& images,
               const Target& target = {}, const methods::score_cam<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
