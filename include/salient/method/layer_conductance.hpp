// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "salient/method/feature_maps.hpp"
#include "salient/method/integrated_gradients.hpp"
#include "salient/method/layer_path.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

template <layer_id Layer = default_layer>
struct layer_conductance {
  static constexpr method_words words{
      .name = "layer_conductance",
      .title = "Layer Conductance",
      .needs = "a layer with a spatial output",
      .paper = "Dhamdhere, Sundararajan, Yan: How Important Is a Neuron? (2018)",
      .link = "https://arxiv.org/abs/1805.12233",
      .does =
          "Integrated Gradients for a layer: on the line from a baseline to the image, each change of an "
          "activation "
          "times the gradient of the score there. The values add up to the change of the score.",
      .good =
          "Signed and complete, at any layer: says how much of the score flows through each feature map and "
          "position.",
      .bad = "Dozens of forward and backward passes, a baseline to choose, and as coarse as its layer.",
      .of_layer = true,
  };

  int steps = 50;                                ///< of the path, between steps + 1 points; 1 to 99,999
  quadrature rule = quadrature::gauss_legendre;  ///< whose positions the points have
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
    detail::check_steps(name, "steps", steps, most_quadrature_steps - 1);
    detail::check_baseline(start(), Network::input_shape, batch);
  }

  layer_conductance of_image(long n) const {
    layer_conductance one = *this;
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
  static constexpr std::string_view name = "layer conductance";
  detail::baseline_choice start() const { return {baseline, baseline_image, name}; }

  template <class Session, class Query>
  auto run(const Query& q, int layer) const {
    using network = typename Query::network;
    using scalar = typename Query::scalar;
    const auto inputs = q.activation(0);
    const auto from = detail::baselines<scalar>(start(), network::input_shape, q.batch(),
                                                q.session().model().input_preprocessing());
    const auto positions = make_nodes(rule, rule == quadrature::trapezoid ? steps : steps + 1).positions;
    auto result = detail::open(q, start(), network::extent(layer));
    detail::layer_path<Session, Query> path(q, layer, from, inputs, static_cast<long>(positions.size()));
    const auto size = static_cast<std::size_t>(network::extent(layer).elements());
    std::vector<scalar> before(size), slope(size);
    std::vector<double> sum(size);
    for (long n = 0; n < q.batch(); ++n) {
      const scalar at_baseline = path.aim(n);
      bool first = true;
      std::ranges::fill(sum, 0.0);
      path.walk(positions, [&](std::span<const scalar> activations, std::span<const scalar> gradients) {
        for (std::size_t i = 0; i < size && !first; ++i)
          sum[i] += static_cast<double>(slope[i]) *
                    (static_cast<double>(activations[i]) - static_cast<double>(before[i]));
        first = false;
        std::ranges::copy(activations, before.begin());
        std::ranges::copy(gradients, slope.begin());
      });
      std::ranges::transform(sum, result.map.image(n).begin(),
                             [](double v) { return static_cast<scalar>(v); });
      detail::close(result, n, at_baseline, positions.size());
    }
    return result;
  }
};

}  // namespace methods

/// The sum over a line of points x_i from the baseline to the network's input of dz_c/dA(x_i) (A(x_i+1) -
/// A(x_i)), element by element: the shape of the layer's output, N x h x w x K. The result includes the
/// completeness gap, which shrinks with the number of steps. Dhamdhere, Sundararajan and Yan 2018,
/// arXiv:1805.12233.
template <layer_id Layer = default_layer, class Model, class Target = logit>
auto layer_conductance(const Model& model, const basic_tensor<typename Model::scalar>& images,
                       const Target& target = {}, const methods::layer_conductance<Layer>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
