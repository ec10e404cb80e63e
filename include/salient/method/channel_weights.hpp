// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <tuple>
#include <type_traits>
#include <utility>

#include "salient/method/changed_inputs.hpp"
#include "salient/method/feature_maps.hpp"
#include "salient/method/option.hpp"
#include "salient/method/side_session.hpp"
#include "salient/method/words.hpp"

namespace salient::methods {

/// A method that weighs each feature map of a layer by what a forward pass about that map alone says.
/// Rule has
/// - the method's words;
/// - `from_layer`: whether these passes start at the layer, and not at the input; every path must cross it;
/// - weights(query, layer, maps, budget): N x 1 x 1 x K.
template <class Rule, layer_id Layer>
struct weighed_by_passes {
  static constexpr method_words words = Rule::words;

  bool relu = true;  ///< keep only evidence for the class
  /// Bytes of device memory for the feature maps whose passes run together; one runs in any case.
  long budget = 64L << 20;

  static constexpr auto options = std::tuple{method_option{"relu", relu_help, &weighed_by_passes::relu}};

  using reads = of_spatial_layer<Layer>;

  using needs = std::conditional_t<
      Rule::from_layer,
      requirements<need::class_scores, need::spatial_layer<Layer>, need::crossed_layer<Layer>>,
      typename reads::needs>;

  template <class Network>
  static constexpr int tap = Rule::from_layer ? reads::template tap<Network> : 0;

  /// Throws salient::error for a budget below 1 byte.
  template <class Network>
  void validate(long) const {
    detail::check_budget(words.name, budget);
  }

  /// The query's session keeps the input, but perhaps not the layer, which another one computes from it.
  template <class Query>
  auto operator()(const Query& q) const
    requires(!Rule::from_layer)
  {
    constexpr int layer = std::max(reads::template tap<typename Query::network>, 0);
    const detail::side_session<session<typename Query::model_type, pass::forward_from<pass_with<layer>>>>
        session(q, q.batch());
    session->begin(q.batch());
    session->write(session->activation(0), q.activation(0).values);
    session->forward(0, layer);
    basic_tensor<typename Query::scalar> maps(Query::network::extent(layer), q.batch());
    session->read(session->activation(layer), maps.values);
    return weigh(q, layer, maps);
  }
  template <class Query>
  auto at(const Query& q, int layer) const {
    return weigh(q, layer, q.activation(layer));
  }

 private:
  template <class Query, class Maps>
  auto weigh(const Query& q, int layer, const Maps& maps) const {
    auto map = detail::weighted_sum(maps, Rule::weights(q, layer, maps, budget));
    if (relu) detail::keep_positive(map);
    return q.result(std::move(map));
  }
};

}  // namespace salient::methods
