// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "salient/method/feature_maps.hpp"
#include "salient/method/layer_path.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

template <layer_id Layer = default_layer>
struct internal_influence {
  static constexpr method_words words{
      .name = "internal_influence",
      .title = "Internal Influence",
      .needs = "a layer with a spatial output",
      .paper = "Leino, Sen, Datta, Fredrikson, Li: Influence-Directed Explanations (2018)",
      .link = "https://arxiv.org/abs/1802.03788",
      .does = "The mean gradient of the score at a layer, over the line from a baseline to the image.",
      .good = "Signed. Less dependent on saturated units than the gradient at the image alone.",
      .bad =
          "Does not ask whether a feature map was active, so its values add up to nothing, and under a "
          "pooled head it is "
          "the same at every position. Dozens of passes, and a baseline to choose.",
      .of_layer = true,
  };

  int steps = 50;  ///< points on the path; 1 to 100,000
  quadrature rule = quadrature::gauss_legendre;
  /// Start of the path: this value in every element of the network's input; 0 if no baseline is given.
  std::optional<double> baseline{};
  /// Start of the path as an image, one for all or one for each: pixels, preprocessed like the images.
  std::optional<basic_tensor<double>> baseline_image{};

  using reads = of_spatial_layer<Layer>;

  template <class Network>
  static constexpr bool applies = reads::template applies<Network>;
  template <class Network>
  static constexpr int tap = 0;
  template <class Network>
  static constexpr void demand() {
    reads::template demand<Network>();
  }

  /// Throws salient::error if the number of steps is out of range, for two baselines, or a baseline image of
  /// another shape.
  template <class Network>
  void validate(long batch) const {
    detail::check_steps(name, "steps", steps);
    detail::check_baseline(start(), Network::input_shape, batch);
  }

  internal_influence of_image(long n) const {
    internal_influence one = *this;
    if (baseline_image) one.baseline_image = detail::baseline_of(*baseline_image, n);
    return one;
  }

  template <class Query>
  auto operator()(const Query& q) const {
    constexpr int layer = std::max(reads::template tap<typename Query::network>, 0);
    return run<session<typename Query::model_type, pass_with<0, layer>>>(q, layer);
  }
  template <class Query>
  auto at(const Query& q, int layer) const {
    return run<typename Query::session_type>(q, layer);
  }

 private:
  static constexpr std::string_view name = "internal influence";
  detail::baseline_choice start() const { return {baseline, baseline_image, name}; }

  template <class Session, class Query>
  auto run(const Query& q, int layer) const {
    using network = typename Query::network;
    using scalar = typename Query::scalar;
    const auto inputs = q.activation(0);
    const auto from = detail::baselines<scalar>(start(), network::input_shape, q.batch(),
                                                q.session().model().input_preprocessing());
    const nodes points = make_nodes(rule, steps);
    auto result = q.result(basic_tensor<scalar>(network::extent(layer), q.batch()));
    detail::add_out_of_range(start(), q.batch(), result.out_of_range);
    detail::layer_path<Session, Query> path(q, layer, from, inputs,
                                            static_cast<long>(points.positions.size()));
    std::vector<double> sum(static_cast<std::size_t>(network::extent(layer).elements()));
    for (long n = 0; n < q.batch(); ++n) {
      path.aim(n);
      std::ranges::fill(sum, 0.0);
      auto weight = points.weights.begin();
      path.walk(points.positions, [&](std::span<const scalar>, std::span<const scalar> gradients) {
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += *weight * static_cast<double>(gradients[i]);
        ++weight;
      });
      std::ranges::transform(sum, result.map.image(n).begin(),
                             [](double v) { return static_cast<scalar>(v); });
    }
    return result;
  }
};

}  // namespace methods

/// The mean of dz_c/dA over the line from the baseline to the network's input: the shape of the layer's
/// output, N x h x w x K. Leino, Sen, Datta, Fredrikson and Li 2018, arXiv:1802.03788.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto internal_influence(const Model& model, const basic_tensor<typename Model::scalar>& images,
                        const Target& target = {}, const methods::internal_influence<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
