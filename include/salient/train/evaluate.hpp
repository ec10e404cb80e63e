// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "salient/graph/predict.hpp"
#include "salient/train/labels.hpp"

namespace salient {

/// The fraction of images whose predicted class is their label, in [0, 1]. labels: N, from 0. Throws
/// salient::error if there are no images, or unless each has a label that is one of the network's classes.
template <class Model>
double accuracy(const Model& model, const basic_tensor<typename Model::scalar>& images,
                std::span<const int> labels) {
  check_labels(labels, images.batch, Model::network::classes, "accuracy");
  const std::vector<int> classes = predicted_classes(predict(model, images));
  long correct = 0;
  for (std::size_t n = 0; n < classes.size(); ++n) correct += classes[n] == labels[n] ? 1 : 0;
  return static_cast<double>(correct) / static_cast<double>(classes.size());
}

}  // namespace salient
