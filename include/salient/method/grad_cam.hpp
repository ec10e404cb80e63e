// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "salient/method/feature_maps.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

template <layer_id Layer = default_layer>
struct grad_cam {
  static constexpr method_words words{"grad_cam",
                                      "Grad-CAM",
                                      "a layer with a spatial output",
                                      "Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra: Grad-CAM (2016)",
                                      "https://arxiv.org/abs/1610.02391",
                                      true,
                                      true};

  bool relu = true;  ///< keep only evidence for the class

  template <class Network>
  static constexpr bool applies = differentiable<Network> && spatial_layer<Network, Layer>;

  template <class Network>
  static constexpr int tap = chosen_activation<Network, Layer>;

  template <class Network>
  static constexpr void demand() {
    demand_spatial_layer<Network, Layer>();
    static_assert(differentiable<Network>,
                  "salient: Grad-CAM needs a network that ends in a vector of class scores");
  }

  template <class Query>
  auto operator()(const Query& q) const {
    return at(q, std::max(tap<typename Query::network>, 0));  // -1 if `demand` refuses the network
  }

  template <class Query>
  auto at(const Query& q, int maps) const {
    using scalar = typename Query::scalar;
    auto& s = q.session();
    auto map = detail::weighted_maps(q, maps, [&](auto* weights) {
      q.backward(maps);
      kernel::channel_mean(s.model().device(), q.view_of(s.signal(maps), maps), weights);
    });
    if (relu) {
      // First: under -ffast-math the relu may hide NaN.
      salient::detail::check_finite<scalar>(map.values, {});
      for (scalar& v : map.values) v = std::max(v, scalar(0));
    }
    return q.result(std::move(map));
  }
};

}  // namespace methods

/// relu(sum over k of alpha_k A^k), where alpha_k is the mean over positions of dz_c/dA^k; the layer's height
/// and width. By default the layer is the last map that every path crosses, usually the last convolution's
/// activation. Any layer with a spatial output can be named: `grad_cam<"features">(...)`. Selvaraju et al.
/// 2017, arXiv:1610.02391.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto grad_cam(const Model& model, const basic_tensor<typename Model::scalar>& images,
              const Target& target = {}, const methods::grad_cam<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
