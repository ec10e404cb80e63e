// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "salient/graph/predict.hpp"
#include "salient/metric/correlation.hpp"
#include "salient/metric/maps_of.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

// What a method's maps depend on. Each figure is a correlation of two maps: 1 says that what was changed does
// not matter. `explain(images, classes)` gives a method's maps of images, each about one class, as maps_of
// does; `maps` are those of the images about their own classes.

/// Class sensitivity: Pearson's correlation of each map with the map of the same image about another class.
/// Smaller is better. None where one of the maps is constant. Throws salient::error as `explain` and pearson
/// do.
template <class Explain, class T>
values class_sensitivity(Explain&& explain, const basic_tensor<T>& maps, const basic_tensor<T>& images,
                         const std::vector<int>& other_classes) {
  return pearson(maps, explain(images, other_classes));
}

/// Image sensitivity: Pearson's correlation of each map with the map of another image about the same class.
/// Smaller is better. None where one of the maps is constant. Throws as class_sensitivity.
template <class Explain, class T>
values image_sensitivity(Explain&& explain, const basic_tensor<T>& maps, const basic_tensor<T>& other_images,
                         const std::vector<int>& classes) {
  return pearson(maps, explain(other_images, classes));
}

/// Class sensitivity of a method on a model: of the predicted and the second most probable class of each
/// image, N x H x W x C. Throws as `explain`.
template <class Model, class Method>
values class_sensitivity(const Model& model, const basic_tensor<typename Model::scalar>& images,
                         const Method& method) {
  const auto classes = detail::two_best(predict(model, images));
  maps_of<Model, Method> explain(model, method);
  return class_sensitivity(explain, explain(images, classes.first), images, classes.second);
}

/// Image sensitivity of a method on a model: of each image and the next one, the last and the first, about
/// the class that is predicted for the former. At least two images.
template <class Model, class Method>
values image_sensitivity(const Model& model, const basic_tensor<typename Model::scalar>& images,
                         const Method& method) {
  const auto classes = predicted_classes(predict(model, images));
  auto others = images;
  const auto length = static_cast<std::ptrdiff_t>(images.extent.elements());
  std::rotate(others.values.begin(), others.values.begin() + length, others.values.end());
  maps_of<Model, Method> explain(model, method);
  return image_sensitivity(explain, explain(images, classes), others, classes);
}

}  // namespace salient::metrics
