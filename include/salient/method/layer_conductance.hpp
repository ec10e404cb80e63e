// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "salient/method/layer_path.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {

struct layer_conductance_rule {
  static constexpr method_words words{
      .name = "layer_conductance",
      .title = "Layer Conductance",
      .paper = "Dhamdhere, Sundararajan, Yan: How Important Is a Neuron? (2018)",
      .link = "https://arxiv.org/abs/1805.12233",
      .does =
          "Integrated Gradients for a layer: on the line from a baseline to the image, each change of an "
          "activation times the gradient of the score there. The values add up to the change of the score.",
      .good =
          "Signed and complete, at any layer, and separates classes: says how much of the score flows "
          "through "
          "each feature map and position.",
      .bad = "Dozens of forward and backward passes, a baseline to choose, and as coarse as its layer.",
      .of_layer = true,
  };

  static constexpr std::string_view name = "layer conductance";
  static constexpr int most_steps = most_quadrature_steps - 1;
  static constexpr bool complete = true;

  /// The ends of `steps` steps.
  static nodes points(quadrature rule, int steps) {
    return make_nodes(rule, rule == quadrature::trapezoid ? steps : steps + 1);
  }

  /// The gradient at a point times the change of the activations up to the next point.
  template <class T>
  class step {
   public:
    explicit step(std::size_t size) : before_(size), slope_(size) {}

    void operator()(double, std::span<const T> activations, std::span<const T> gradients,
                    std::span<double> sum) {
      for (std::size_t i = 0; i < sum.size() && !first_; ++i)
        sum[i] += static_cast<double>(slope_[i]) *
                  (static_cast<double>(activations[i]) - static_cast<double>(before_[i]));
      first_ = false;
      before_.assign(activations.begin(), activations.end());
      slope_.assign(gradients.begin(), gradients.end());
    }

   private:
    bool first_ = true;
    std::vector<T> before_, slope_;
  };
};

}  // namespace detail

template <layer_id Layer = default_layer>
using layer_conductance = along_layer_path<detail::layer_conductance_rule, Layer>;

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
