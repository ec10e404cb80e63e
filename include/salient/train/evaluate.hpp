// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "salient/core/error.hpp"
#include "salient/graph/predict.hpp"

namespace salient {

/// The share of images whose predicted class is their label, in [0, 1]. Throws salient::error if there is no
/// image, or unless there is a label for each.
template <class Model>
double accuracy(const Model& model, const basic_tensor<typename Model::scalar>& images,
                std::span<const int> labels) {
  if (static_cast<long>(labels.size()) != images.batch || labels.empty())
    throw error("accuracy: " + std::to_string(images.batch) + " images have " +
                std::to_string(labels.size()) + " labels; there must be an image, and a label for each");
  const std::vector<int> classes = predicted_classes(predict(model, images));
  long correct = 0;
  for (std::size_t n = 0; n < classes.size(); ++n) correct += classes[n] == labels[n] ? 1 : 0;
  return static_cast<double>(correct) / static_cast<double>(classes.size());
}

}  // namespace salient
