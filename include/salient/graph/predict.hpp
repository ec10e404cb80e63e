// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "salient/core/scores.hpp"
#include "salient/graph/session.hpp"

namespace salient {

/// The class scores of any number of images, before a final softmax: N x 1 x 1 x classes. See `probabilities`
/// and `predicted_classes`.
///
/// Runs a forward pass for every `at_once` images, so that memory does not grow with the batch. Throws
/// salient::error as session::forward does, or if `at_once` is below 1.
template <class Model>
basic_tensor<typename Model::scalar> predict(const Model& model,
                                             const basic_tensor<typename Model::scalar>& images,
                                             long at_once = 64) {
  const long all = std::max(images.batch, 1L);
  detail::check_images(images, Model::network::input_shape, all);
  session<Model, pass::forward> s(model, std::min(at_once, all));
  basic_tensor<typename Model::scalar> scores(s.scores().extent, images.batch);
  for (long first = 0; first < images.batch; first += s.capacity()) {
    s.forward(images.slice(first, std::min(s.capacity(), images.batch - first)));
    std::ranges::copy(s.scores().values, scores.image(first).begin());
  }
  return scores;
}

}  // namespace salient
