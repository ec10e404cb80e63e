// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/map.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

/// Common part of the methods that run one backward pass to the input.
struct to_input {
  static constexpr bool side_by_side = true;

  template <class Network>
  static constexpr int tap = -1;
};

struct gradients : to_input {
  static constexpr method_words words{
      .name = "gradients",
      .title = "Gradients",
      .paper = "Simonyan, Vedaldi, Zisserman: Deep Inside Convolutional Networks (2013)",
      .link = "https://arxiv.org/abs/1312.6034",
      .does =
          "The slope of the class score at this image: positive where a brighter pixel would raise the "
          "score, negative where it would lower it. Only small changes count, so an empty background can "
          "matter as much as the object.",
      .good =
          "One backward pass, a value for every pixel, and nothing to choose. The simplest method, and the "
          "part from which most others are built.",
      .bad =
          "Noisy. Where a unit is saturated the slope is zero, so a pixel that decided the answer can get no "
          "credit.",
  };

  using needs = requirements<need::class_scores>;

  template <class Query>
  auto operator()(const Query& q) const {
    q.backward();
    return q.result(q.signal(0));
  }
};

struct gradients_x_input : gradients {
  static constexpr method_words words{
      .name = "gradients_x_input",
      .title = "Gradients x Input",
      .paper = "Shrikumar, Greenside, Shcherbina, Kundaje: Not Just a Black Box (2016)",
      .link = "https://arxiv.org/abs/1605.01713",
      .does =
          "The gradient times the pixel's own value: what each pixel would contribute if the network were "
          "linear. A pixel with the value zero gets nothing.",
      .good =
          "Costs no more than the gradient, has a value for every pixel, and lies on what is in the picture. "
          "Exact for a linear network "
          "without biases.",
      .bad =
          "As noisy as the gradient and as blind to saturated units. Whoever scaled the images decided what "
          "zero means.",
  };

  template <class Network>
  static constexpr int tap = 0;

  template <class Query>
  auto operator()(const Query& q) const {
    q.backward();
    auto& s = q.session();
    const long size = q.batch() * Query::network::input_shape.elements();
    kernel::multiply_elements(s.model().device(), size, s.activation(0), s.signal(0), s.signal(0));
    return q.result(q.signal(0));
  }
};

}  // namespace methods

/// dz_c/dx, in the shape of the input. Simonyan, Vedaldi and Zisserman 2014, arXiv:1312.6034.
template <class Model, class Target = logit>
auto gradients(const Model& model, const basic_tensor<typename Model::scalar>& images,
               const Target& target = {}) {
  return std::get<0>(explain(model, images, target, methods::gradients{}));
}

/// x dz_c/dx, in the shape of the input. Shrikumar, Greenside, Shcherbina and Kundaje 2016, arXiv:1605.01713.
template <class Model, class Target = logit>
auto gradients_x_input(const Model& model, const basic_tensor<typename Model::scalar>& images,
                       const Target& target = {}) {
  return std::get<0>(explain(model, images, target, methods::gradients_x_input{}));
}

}  // namespace salient
