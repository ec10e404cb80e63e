// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <tuple>

#include "salient/method/enlarge.hpp"
#include "salient/method/grad_cam.hpp"
#include "salient/method/guided_backprop.hpp"
#include "salient/method/option.hpp"

namespace salient {

namespace methods {

template <layer_id Layer = default_layer>
struct guided_grad_cam {
  static constexpr method_words words{
      .name = "guided_grad_cam",
      .title = "Guided Grad-CAM",
      .paper = grad_cam<Layer>::words.paper,
      .link = grad_cam<Layer>::words.link,
      .does =
          "Guided backpropagation times the enlarged Grad-CAM: the first says which edges, the second says "
          "where they count for this class.",
      .good =
          "A value for every pixel, and separates classes better than guided backpropagation alone; one "
          "forward "
          "pass serves both parts.",
      .bad =
          "Empty wherever Grad-CAM is zero, and evidence against the class stays lost as in guided "
          "backpropagation.",
  };

  static constexpr bool side_by_side = true;

  salient::interpolation interpolation = salient::interpolation::bilinear;
  map_alignment alignment = map_alignment::stretch;
  bool relu = true;  ///< Grad-CAM's option

  static constexpr auto options = std::tuple{
      method_option{
          "interpolation", "How Grad-CAM's map is enlarged", &guided_grad_cam::interpolation,
          std::to_array<option_word<salient::interpolation>>({{"bilinear", salient::interpolation::bilinear},
                                                              {"nearest", salient::interpolation::nearest}})},
      method_option{"alignment", map_alignment_help, &guided_grad_cam::alignment, map_alignment_words},
      method_option{"relu", relu_help, &guided_grad_cam::relu}};

  using needs = requirements<need::class_scores, need::spatial_layer<Layer>, need::activation>;

  template <class Network>
  static constexpr int tap = grad_cam<Layer>::template tap<Network>;

  template <class Query>
  auto at(const Query& q, int maps) const {
    constexpr shape extent = Query::network::input_shape;
    const auto coarse = grad_cam<Layer>{.relu = relu}.at(q, maps).map;
    const auto where = enlarge<typename Query::network>(coarse, maps, alignment, interpolation);
    auto result = guided_backprop{}(q);
    for (std::size_t i = 0; i < result.map.values.size(); ++i)
      result.map.values[i] *= where.values[i / static_cast<std::size_t>(extent.channels)];
    return result;
  }
};

}  // namespace methods

/// Guided backpropagation times Grad-CAM, which is enlarged to the input's size; the shape of the input.
/// Selvaraju et al. 2017, arXiv:1610.02391.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto guided_grad_cam(const Model& model, const basic_tensor<typename Model::scalar>& images,
                     const Target& target = {}, const methods::guided_grad_cam<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
