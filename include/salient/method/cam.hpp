// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "salient/method/feature_maps.hpp"

namespace salient {

enum class cam_weights {
  classifier,       ///< the classifier's own, as in the paper: the map depends on the class
  activation_mean,  ///< the mean of each feature map: for networks without a pooled head. THE SAME FOR EVERY
                    ///< CLASS
};

namespace methods {

template <cam_weights Weights = cam_weights::classifier, layer_id Layer = default_layer>
struct cam {
  static constexpr bool by_class = Weights == cam_weights::classifier;
  static_assert(!by_class || Layer.by_default(),
                "salient: CAM by the classifier's weights looks at the maps that are pooled");

  template <class Network>
  static constexpr bool applies =
      by_class ? pooled_head<Network> : differentiable<Network> && spatial_layer<Network, Layer>;

  template <class Network>
  static constexpr int tap = by_class ? std::max(salient::detail::pooled_head_layer<Network>(), 0)
                                      : chosen_layer<Network, Layer> + 1;

  template <class Network>
  static constexpr void demand() {
    if constexpr (by_class)
      static_assert(
          pooled_head<Network>,
          "salient: CAM needs a network that ends in global_avg_pool, dense (and softmax); use grad_cam, or "
          "cam<cam_weights::activation_mean>, which does not depend on the class");
    else
      demand_spatial_layer<Network, Layer>();
  }

  template <class Query>
  auto operator()(const Query& q) const {
    using network = typename Query::network;
    constexpr int maps = tap<network>;
    constexpr shape extent = network::inferred.shapes[static_cast<std::size_t>(maps)];
    auto& s = q.session();
    return q.result(detail::weighted_maps(q, maps, [&](auto* weights) {
      if constexpr (by_class) {
        constexpr auto& head =
            network::parameter_layout.places[static_cast<std::size_t>(network::scores - 1)];
        static_assert(!head.packs, "salient: CAM reads the classifier's weights as they are");
        static_assert(class_target<typename Query::target_type, typename Query::scalar>,
                      "salient: CAM by the classifier's weights explains one class, and this target is about "
                      "none; use grad_cam");
        for (long n = 0; n < q.batch(); ++n)
          kernel::copy(
              s.model().device(), extent.channels,
              s.model().parameters().weight(head) + static_cast<long>(q.target_class(n)) * extent.channels,
              weights + n * extent.channels);
      } else {
        kernel::channel_mean(s.model().device(), q.batch(), extent.positions(), extent.channels,
                             s.activation(maps), weights);
      }
    }));
  }
};

}  // namespace methods

/// Class activation map: sum over k of w_ck A^k, signed, of the pooled feature maps' height and width.
/// Zhou, Khosla, Lapedriza, Oliva and Torralba 2016, arXiv:1512.04150.
template <cam_weights Weights = cam_weights::classifier, layer_id Layer = default_layer, class Model,
          class Target = logit>
auto cam(const Model& model, const basic_tensor<typename Model::scalar>& images, const Target& target = {}) {
  return std::get<0>(explain(model, images, target, methods::cam<Weights, Layer>{}));
}

}  // namespace salient
