// SPDX-License-Identifier: MIT
#pragma once

#include "salient/method/gradients.hpp"

namespace salient {

namespace methods {

struct guided_backprop : to_input {
  static constexpr method_words words{
      .name = "guided_backprop",
      .title = "Guided Backpropagation",
      .paper = "Springenberg, Dosovitskiy, Brox, Riedmiller: Striving for Simplicity (2014)",
      .link = "https://arxiv.org/abs/1412.6806",
      .does =
          "The backward pass of the gradient, except that a ReLU stops a signal where it was off, and where "
          "the signal is negative. Negative values remain where the first layer weighs a pixel negatively.",
      .good = "One pass, a value for every pixel. Less noisy than gradients: lines and edges are whole.",
      .bad =
          "Drops evidence against the class at each ReLU, and draws much the same picture for every class: "
          "closer to an edge detector than to a reason.",
  };

  using needs = requirements<need::class_scores, need::activation>;

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
