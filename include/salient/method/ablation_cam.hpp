// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"
#include "salient/graph/session.hpp"
#include "salient/method/channel_weights.hpp"
#include "salient/method/side_session.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {

/// Throws salient::error unless every path crosses the layer that was chosen at run time.
SALIENT_EXPORT void check_crossed(bool crossed, int layer);
/// Throws salient::error if image n's value is zero, by which Ablation-CAM divides.
SALIENT_EXPORT void check_ablated_value(double value, long n);

/// The channels that are not zero everywhere. For float and double.
template <class T>
SALIENT_EXPORT std::vector<int> channels_not_zero(std::span<const T> maps, int channels);
/// Copies the maps, and sets one channel to zero. For float and double.
template <class T>
SALIENT_EXPORT void without_channel(std::span<const T> maps, int channels, int channel, std::span<T> copy);

struct ablation_cam_rule {
  static constexpr method_words words{
      .name = "ablation_cam",
      .title = "Ablation-CAM",
      .paper =
          "Desai, Ramaswamy: Ablation-CAM, Visual Explanations for Deep Convolutional Network via "
          "Gradient-free Localization (2020)",
      .link = "https://doi.org/10.1109/WACV45572.2020.9093360",
      .does =
          "A weighted sum of feature maps as in Grad-CAM, but without gradients: each map is set to zero, "
          "and the share of the score that is lost is its weight.",
      .good =
          "Needs no gradient, which may be flat where the network is saturated, and separates classes. A "
          "weight says what the score "
          "would lose without the map, and maps that speak against the class have negative ones.",
      .bad =
          "A forward pass from the layer on for every map. The share turns its sign where the score is "
          "negative, and grows without bound where it is near zero. Two maps that can replace each other "
          "both count for nothing.",
      .of_layer = true,
      .non_negative = true,
  };
  static constexpr bool from_layer = true;

  /// The passes run in a session of their own. It starts them at the layer, so that the layers before it
  /// run once.
  template <class Query>
  static auto weights(const Query& q, int layer, const basic_tensor<typename Query::scalar>& maps,
                      long budget) {
    using network = typename Query::network;
    using scalar = typename Query::scalar;
    using pass = pass::forward_from<typename Query::session_type::pass_type>;
    check_crossed(network::every_path_crosses(layer), layer);
    const int channels = maps.extent.channels;
    constexpr long each = network::template plan<pass, scalar>.bytes;
    const side_session<session<typename Query::model_type, pass>> session(
        q, std::clamp(budget / each, 1L, long{channels}));
    basic_tensor<scalar> copies(maps.extent, session.capacity());
    basic_tensor<double> result({1, 1, channels}, q.batch());
    for (long n = 0; n < q.batch(); ++n) {
      const auto value = static_cast<double>(q.value(q.session().scores().image(n), n));
      check_ablated_value(value, n);
      // The weight of a channel without values is 0, and it is not asked for.
      const auto ablated = channels_not_zero<scalar>(maps.image(n), channels);
      for (auto from = ablated.begin(); from != ablated.end();) {
        const long some = std::min<long>(session.capacity(), ablated.end() - from);
        for (long k = 0; k < some; ++k)
          without_channel<scalar>(maps.image(n), channels, from[k], copies.image(k));
        session->begin(some);
        session->write(session->activation(layer),
                       std::span<const scalar>(copies.values)
                           .first(static_cast<std::size_t>(some * maps.extent.elements())));
        session->forward_from(layer, "without a feature map");
        for (long k = 0; k < some; ++k)
          result(n, 0, 0, from[k]) =
              (value - static_cast<double>(q.value(session->scores().image(k), n))) / value;
        from += some;
      }
    }
    return result;
  }
};

}  // namespace detail

template <layer_id Layer = default_layer>
using ablation_cam = weighed_by_passes<detail::ablation_cam_rule, Layer>;

}  // namespace methods

/// relu(sum over k of w_k A^k), with the layer's height and width, where w_k is the share of the target's
/// value that is lost if A^k is set to zero: (z_c - z_c without A^k) / z_c. A negative z_c turns the sign.
/// Throws salient::error where z_c is 0, which has no shares. A forward pass from the layer on for each
/// feature map that is not zero. Desai and Ramaswamy 2020, doi:10.1109/WACV45572.2020.9093360.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto ablation_cam(const Model& model, const basic_tensor<typename Model::scalar>& images,
                  const Target& target = {}, const methods::ablation_cam<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
