// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "salient/core/scores.hpp"
#include "salient/graph/session.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/smooth.hpp"

namespace salient::metrics {

/// A method on a model as a function: maps of images, N x H x W x C, each about the score of one class. The
/// model must outlive it; changes of its parameters are seen.
template <class Model, class Method>
class maps_of {
 public:
  using scalar = typename Model::scalar;

  /// `at_once`: the most images that run together.
  explicit maps_of(const Model& model, const Method& method = {}, long at_once = 64)
      : method_(method), session_(model, std::max(at_once, 1L)) {}

  /// Throws salient::error as explain does.
  basic_tensor<scalar> operator()(const basic_tensor<scalar>& images, const std::vector<int>& classes) {
    // Options with a value for each image, such as a baseline, are taken one by one.
    constexpr bool by_image = requires(const Method& m) { m.of_image(0); };
    const long most = by_image ? 1 : session_.capacity();
    basic_tensor<scalar> all;
    for (long first = 0; first < images.batch; first += most) {
      const long count = std::min(most, images.batch - first);
      const logit about(std::vector<int>(classes.begin() + first, classes.begin() + first + count));
      const auto found =
          explain(session_, images.slice(first, count), about, methods::detail::of_image(method_, first));
      const auto& map = std::get<0>(found).map;
      all.extent = map.extent;
      all.batch += count;
      all.values.insert(all.values.end(), map.values.begin(), map.values.end());
    }
    return all;
  }

 private:
  Method method_;
  session<Model, pass_for<typename Model::network, Method>> session_;
};

namespace detail {

/// The best and the second best class of each image's scores. At least two classes.
struct best_classes {
  std::vector<int> first, second;
};

/// For float and double.
template <class T>
best_classes two_best(const basic_tensor<T>& scores);

}  // namespace detail
}  // namespace salient::metrics
