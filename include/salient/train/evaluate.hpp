// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "salient/graph/session.hpp"
#include "salient/train/labels.hpp"

namespace salient {

/// Images first to last - 1 of a batch.
template <class T>
void copy_images(const basic_tensor<T>& from, long first, long last, basic_tensor<T>& to) {
  to.extent = from.extent;
  to.batch = last - first;
  const long length = from.extent.elements();
  to.values.assign(from.values.begin() + first * length, from.values.begin() + last * length);
}

/// The class with the largest score, for each image.
template <class Model>
std::vector<int> classify(const Model& model, const basic_tensor<typename Model::scalar>& images,
                          long at_once = 64) {
  session<Model, pass::forward> s(model, std::clamp(images.batch, 1L, at_once));
  basic_tensor<typename Model::scalar> some;
  std::vector<int> result;
  for (long first = 0; first < images.batch; first += s.capacity()) {
    copy_images(images, first, std::min(first + s.capacity(), images.batch), some);
    s.forward(some);
    for (long n = 0; n < some.batch; ++n) {
      const auto z = s.scores().image(n);
      result.push_back(static_cast<int>(std::max_element(z.begin(), z.end()) - z.begin()));
    }
  }
  return result;
}

/// The share of images classified as labelled, in [0, 1]. labels: N, from 0. Throws salient::error unless
/// there is a label for each image that is one of the network's classes.
template <class Model>
double accuracy(const Model& model, const basic_tensor<typename Model::scalar>& images,
                std::span<const int> labels) {
  check_labels(labels, images.batch, Model::network::classes, "accuracy");
  const std::vector<int> classes = classify(model, images);
  long correct = 0;
  for (std::size_t n = 0; n < classes.size(); ++n) correct += classes[n] == labels[n] ? 1 : 0;
  return classes.empty() ? 0 : static_cast<double>(correct) / static_cast<double>(classes.size());
}

}  // namespace salient
