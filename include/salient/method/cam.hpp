// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <vector>

#include "salient/kernel/elementwise.hpp"
#include "salient/method/feature_maps.hpp"
#include "salient/method/words.hpp"

namespace salient {

enum class cam_weights {
  classifier,       ///< the classifier's weights, as in the paper: the map depends on the class
  activation_mean,  ///< the mean of each feature map: for networks without a pooled head. THE SAME FOR EVERY
                    ///< CLASS
};

namespace methods {

template <cam_weights Weights = cam_weights::classifier, layer_id Layer = default_layer>
struct cam {
  static constexpr method_words words{
      .name = "cam",
      .title = "CAM",
      .paper =
          "Zhou, Khosla, Lapedriza, Oliva, Torralba: Learning Deep Features for Discriminative Localization "
          "(2015)",
      .link = "https://arxiv.org/abs/1512.04150",
      .does =
          "The sum of the last feature maps, with the weights by which the classifier reads them: positive "
          "where the maps speak for the class, negative where they speak against it.",
      .good =
          "No backward pass, a weighted sum that is easy to follow. Keeps its sign and separates classes.",
      .bad =
          "As coarse as the last feature maps. Few networks have this head, and training one with it takes "
          "longer or costs accuracy.",
      .of_layer = true,
  };

  static constexpr bool by_class = Weights == cam_weights::classifier;
  static_assert(!by_class || Layer.by_default(),
                "salient: CAM by the classifier's weights looks at the maps that are pooled");

  using needs = std::conditional_t<by_class, requirements<need::pooled_head>,
                                   requirements<need::class_scores, need::spatial_layer<Layer>>>;

  template <class Network>
  static constexpr int tap =
      by_class ? salient::detail::find_pooled_head<Network>().maps : chosen_activation<Network, Layer>;

  template <class Query>
  auto operator()(const Query& q) const {
    using network = typename Query::network;
    constexpr int maps = std::max(tap<network>, 0);  // -1 if the network lacks what CAM needs
    constexpr shape extent = network::extent(maps);
    auto& s = q.session();
    return q.result(detail::weighted_maps(q, maps, [&](auto* weights) {
      if constexpr (by_class) {
        static_assert(class_target<typename Query::target_type, typename Query::scalar>,
                      "salient: CAM by the classifier's weights explains one class, and this target is about "
                      "none; use grad_cam");
        for (long n = 0; n < q.batch(); ++n)
          classifier_weights<network>(s, q.target_class(n), weights + n * extent.channels);
      } else {
        kernel::channel_mean(s.model().device(), q.view_of(s.activation(maps), maps), weights);
      }
    }));
  }

 private:
  /// Writes the weights of the feature maps for one class to device memory.
  template <class Network, class Session, class T>
  static void classifier_weights(Session& s, int about, T* weights) {
    constexpr auto head = salient::detail::find_pooled_head<Network>();
    constexpr int channels = Network::extent(std::max(head.maps, 0)).channels;
    if constexpr (head.classifier >= 0) {
      constexpr auto& place = Network::parameter_layout.places[static_cast<std::size_t>(head.classifier)];
      const T* const all = s.model().parameters().tensor(place, 0);
      kernel::apply<typename Session::device_type, T>(
          s.model().device(), {all + static_cast<long>(about) * channels, 1, {1, 1, channels}}, {},
          {weights, 1, {1, 1, channels}});
    } else {  // each map belongs to one class
      std::vector<T> one(static_cast<std::size_t>(channels));
      one[static_cast<std::size_t>(about)] = 1;
      s.write(weights, one);
    }
  }
};

}  // namespace methods

/// Class activation map: the signed sum over k of w_ck A^k, with the height and width of the pooled feature
/// maps. Zhou, Khosla, Lapedriza, Oliva and Torralba 2016, arXiv:1512.04150.
template <cam_weights Weights = cam_weights::classifier, layer_id Layer = default_layer, class Model,
          class Target = logit>
auto cam(const Model& model, const basic_tensor<typename Model::scalar>& images, const Target& target = {}) {
  return std::get<0>(explain(model, images, target, methods::cam<Weights, Layer>{}));
}

}  // namespace salient
