// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/resample.hpp"
#include "salient/method/grad_cam.hpp"
#include "salient/method/guided_backprop.hpp"

namespace salient {

namespace methods {

namespace detail {

/// Guided backpropagation times Grad-CAM's map, which is resampled to the input's size.
template <class Query>
auto guided_grad_cam_of(const Query& q, const basic_tensor<typename Query::scalar>& map, interpolation how) {
  constexpr shape extent = Query::network::input_shape;
  const auto where = resample(map, size(extent), how);
  auto result = guided_backprop{}(q);
  for (std::size_t i = 0; i < result.map.values.size(); ++i)
    result.map.values[i] *= where.values[i / static_cast<std::size_t>(extent.channels)];
  return result;
}

}  // namespace detail

template <layer_id Layer = default_layer>
struct guided_grad_cam {
  salient::interpolation interpolation = salient::interpolation::bilinear;
  bool relu = true;  ///< Grad-CAM's option

  template <class Network>
  static constexpr bool applies =
      grad_cam<Layer>::template applies<Network> && guided_backprop::applies<Network>;

  template <class Network>
  static constexpr int tap = grad_cam<Layer>::template tap<Network>;

  template <class Network>
  static constexpr void demand() {
    grad_cam<Layer>::template demand<Network>();
    guided_backprop::demand<Network>();
  }

  template <class Query>
  auto operator()(const Query& q) const {
    return detail::guided_grad_cam_of(q, grad_cam<Layer>{.relu = relu}(q).map, interpolation);
  }
};

}  // namespace methods

/// Guided backpropagation times Grad-CAM, which is resampled to the input's size; the shape of the input.
/// Selvaraju et al. 2017, arXiv:1610.02391.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto guided_grad_cam(const Model& model, const basic_tensor<typename Model::scalar>& images,
                     const Target& target = {}, const methods::guided_grad_cam<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
