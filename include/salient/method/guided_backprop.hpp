// SPDX-License-Identifier: MIT
#pragma once

#include "salient/method/gradients.hpp"

namespace salient {

namespace methods {

struct guided_backprop : to_input {
  static constexpr method_words words{
      "guided_backprop", "Guided Backpropagation", "a ReLU or another activation",
      "Springenberg, Dosovitskiy, Brox, Riedmiller: Striving for Simplicity (2014)",
      "https://arxiv.org/abs/1412.6806"};

  template <class Network>
  static constexpr bool applies = differentiable<Network> && has_activation<Network>;

  template <class Network>
  static constexpr void demand() {
    static_assert(
        has_activation<Network>,
        "salient: guided backpropagation needs a network with a ReLU or another activation; use gradients");
    static_assert(differentiable<Network>,
                  "salient: guided backpropagation needs a network that ends in a vector of class scores");
  }

  template <class Query>
  auto operator()(const Query& q) const {
    q.template backward<guided>();
    return q.result(q.signal(0));
  }
};

}  // namespace methods

/// A backward pass in which every ReLU passes only positive signals, and only where its input was positive. A
/// smooth activation, such as SiLU, passes positive signals times its derivative.
/// The map has the shape of the input. Springenberg, Dosovitskiy, Brox and Riedmiller 2015, arXiv:1412.6806.
template <class Model, class Target = logit>
auto guided_backprop(const Model& model, const basic_tensor<typename Model::scalar>& images,
                     const Target& target = {}) {
  return std::get<0>(explain(model, images, target, methods::guided_backprop{}));
}

}  // namespace salient
