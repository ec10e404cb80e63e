// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "salient/method/feature_maps.hpp"

namespace salient {

namespace methods {

namespace detail {

/// Grad-CAM's map at an activation that the session's pass keeps.
template <class Query>
auto grad_cam_at(const Query& q, int maps, bool relu) {
  using scalar = typename Query::scalar;
  auto& s = q.session();
  auto map = weighted_maps(q, maps, [&](auto* weights) {
    q.backward(maps);
    kernel::channel_mean(s.model().device(), q.view_of(s.signal(maps), maps), weights);
  });
  if (relu) {
    salient::detail::check_finite<scalar>(map.values, {});  // first: under -ffast-math the relu may hide NaN
    for (scalar& v : map.values) v = std::max(v, scalar(0));
  }
  return q.result(std::move(map));
}

}  // namespace detail

template <layer_id Layer = default_layer>
struct grad_cam {
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
    // The tap is -1 if `demand` refuses the network.
    return detail::grad_cam_at(q, std::max(tap<typename Query::network>, 0), relu);
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
