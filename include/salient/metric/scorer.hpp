// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "salient/graph/session.hpp"
#include "salient/method/query.hpp"

namespace salient::metrics::detail {

/// A target's values for images and for changed versions of them, by forward passes in one session. The
/// classes are those of the unchanged images.
template <class Model, class Target>
class scorer {
 public:
  using scalar = typename Model::scalar;
  using network = typename Model::network;

  /// Runs the images. `at_once` is the most that run together, `versions` the most that values_of will be
  /// asked for. Throws salient::error as session::forward does, if `at_once` is below 1, or for a class out
  /// of range.
  scorer(const Model& model, const basic_tensor<scalar>& images, const Target& target, long versions,
         long at_once)
      : target_(target), session_(model, std::min(at_once, std::max(checked(images).batch, versions))) {
    basic_tensor<scalar> scores(session_.scores().extent, images.batch);
    for (long first = 0; first < images.batch; first += session_.capacity()) {
      session_.forward(images.slice(first, std::min(session_.capacity(), images.batch - first)));
      std::ranges::copy(session_.scores().values, scores.image(first).begin());
    }
    if constexpr (class_target<Target, scalar>)
      classes_ = salient::detail::resolve_classes(target_.classes, scores);
    for (long n = 0; n < images.batch; ++n) values_.push_back(value(scores.image(n), n));
  }

  /// The value for unchanged image n.
  double value_of(long n) const { return values_[static_cast<std::size_t>(n)]; }

  /// The values for `count` changed images. Number k is a version of image `version_of(k)`; write(k, input)
  /// fills the network's input with it, for k from 0 up. Throws salient::error if the scores are not finite.
  template <class Of, class Write>
  std::vector<double> values_of(long count, const Of& version_of, const Write& write) {
    std::vector<double> result;
    for (long first = 0; first < count; first += session_.capacity()) {
      const long some = std::min(session_.capacity(), count - first);
      basic_tensor<scalar> inputs(network::input_shape, some);
      for (long k = 0; k < some; ++k) write(first + k, inputs.image(k));
      session_.begin(some);
      session_.write(session_.activation(0), inputs.values);
      session_.forward(0, network::scores);
      session_.read_scores();
      const basic_tensor<scalar>& scores = session_.scores();
      salient::detail::check_scores(std::span<const scalar>(scores.values), "at a changed image");
      for (long k = 0; k < some; ++k) result.push_back(value(scores.image(k), version_of(first + k)));
    }
    return result;
  }

 private:
  static const basic_tensor<scalar>& checked(const basic_tensor<scalar>& images) {
    salient::detail::check_images(images, network::input_shape, std::max(images.batch, 1L));
    return images;
  }

  double value(std::span<const scalar> z, long n) const {
    if constexpr (class_target<Target, scalar>)
      return static_cast<double>(target_.value(z, classes_[static_cast<std::size_t>(n)]));
    else
      return static_cast<double>(target_.value(z));
  }

  Target target_;
  session<Model, pass::forward> session_;
  std::vector<int> classes_;
  std::vector<double> values_;
};

}  // namespace salient::metrics::detail
