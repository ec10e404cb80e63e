// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "salient/core/blur.hpp"
#include "salient/core/preprocessing.hpp"
#include "salient/metric/plane.hpp"
#include "salient/metric/scorer.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

// Deletion and insertion: Petsiuk, Das and Saenko 2018, arXiv:1806.07421. The pixels of an image change one
// after the other, in the order of their relevance, and the target's value is followed. It is the probability
// of the class, of the unchanged image's predicted one by default; any target will do.
//
// images: pixels, N x H x W x C. maps: N x H x W x C, or feature maps, N x h x w x 1, which are enlarged. The
// most relevant pixel comes first, which is the one with the largest signed sum over its channels, see
// metric/plane.hpp; equal ones come in row-major order. A pixel changes in all its channels at once.
//
// Both throw salient::error for wrong images, options or classes, if there is not one map for each image, if
// a map is larger than the image or not finite, and if scores are not finite.

/// The target's values while pixels change. Both ends belong to it.
struct curve {
  std::vector<double> shares;  ///< of the pixels that have changed, from 0 to 1 (for `road` to its last)
  std::vector<double> values;
  /// The area under the values over the shares, by the trapezoid rule, divided by the last share. For
  /// probabilities from 0 to 1. None for a constant map, which orders nothing.
  std::optional<double> area;
};

/// The areas of curves, for `mean_over_images`.
values areas(const std::vector<curve>& curves);

struct deletion_options {
  /// Changes, of sizes as equal as whole pixels allow. Never more than there are pixels.
  int steps = 100;
  /// What a removed pixel becomes: this value in each element of the network's input, after preprocessing, as
  /// for integrated gradients. 0 is the mean colour where the preprocessing subtracts it, and black where
  /// not.
  double baseline = 0;
  long at_once = 64;  ///< images in one forward pass
};

struct insertion_options {
  int steps = 100;
  /// The curve starts at the image blurred by a Gaussian of this standard deviation in pixels, see
  /// gaussian_blur. The paper's is 5 for images of 224x224; smaller ones need less.
  double blur = 5;
  long at_once = 64;
};

namespace detail {

/// How many pixels have changed at each point of a curve: 0, ..., all. Throws salient::error if steps < 1.
std::vector<long> changed_pixels(long pixels, int steps, std::string_view metric);

/// A curve with shares of `pixels`, and with the area over the largest share unless it is not `ordered`.
curve make_curve(const std::vector<long>& changed, long pixels, std::vector<double> values, bool ordered);

/// `value` as an element of a network's input. Throws salient::error if it is not finite.
template <class T>
T checked_baseline(double value, std::string_view metric);

/// The curves of images whose inputs turn from `from` to `to`, pixel by pixel.
template <class Scorer, class T>
std::vector<curve> change(Scorer& scorer, const basic_tensor<T>& from, const basic_tensor<T>& to,
                          const basic_tensor<double>& planes, const std::vector<long>& changed) {
  const auto channels = static_cast<std::size_t>(from.extent.channels);
  std::vector<curve> curves;
  for (long n = 0; n < from.batch; ++n) {
    const std::vector<long> order = largest_first(planes.image(n));
    const auto end = to.image(n);
    const auto start = from.image(n);
    std::vector<T> now(start.begin(), start.end());
    long done = 0;
    auto values = scorer.values_of(
        static_cast<long>(changed.size()), [n](long) { return n; },
        [&](long k, std::span<T> input) {
          for (; done < changed[static_cast<std::size_t>(k)]; ++done) {
            const std::size_t first =
                static_cast<std::size_t>(order[static_cast<std::size_t>(done)]) * channels;
            for (std::size_t i = first; i < first + channels; ++i) now[i] = end[i];
          }
          std::ranges::copy(now, input.begin());
        });
    curves.push_back(
        make_curve(changed, from.extent.positions(), std::move(values), !constant(planes.image(n))));
  }
  return curves;
}

}  // namespace detail

/// The curve of each image while its pixels are removed. A small area is good: what the map points at was
/// needed.
template <class Model, class Target = probability>
std::vector<curve> deletion(const Model& model, const basic_tensor<typename Model::scalar>& images,
                            const basic_tensor<typename Model::scalar>& maps, const Target& target = {},
                            const deletion_options& options = {}) {
  using scalar = typename Model::scalar;
  constexpr shape extent = Model::network::input_shape;
  const auto changed = detail::changed_pixels(extent.positions(), options.steps, "deletion");
  const auto baseline = detail::checked_baseline<scalar>(options.baseline, "deletion");
  detail::scorer<Model, Target> scorer(model, images, target, static_cast<long>(changed.size()),
                                       options.at_once);
  const auto planes = detail::relevance(maps, size(extent), images.batch, "deletion");
  const basic_tensor<scalar> removed(extent, images.batch, baseline);
  return detail::change(scorer, preprocess(model.input_preprocessing(), images), removed, planes, changed);
}

/// The curve of each image while its pixels are put into a blurred image. A large area is good: what the map
/// points at was enough.
template <class Model, class Target = probability>
std::vector<curve> insertion(const Model& model, const basic_tensor<typename Model::scalar>& images,
                             const basic_tensor<typename Model::scalar>& maps, const Target& target = {},
                             const insertion_options& options = {}) {
  constexpr shape extent = Model::network::input_shape;
  const auto changed = detail::changed_pixels(extent.positions(), options.steps, "insertion");
  detail::scorer<Model, Target> scorer(model, images, target, static_cast<long>(changed.size()),
                                       options.at_once);
  const auto planes = detail::relevance(maps, size(extent), images.batch, "insertion");
  const auto& to_input = model.input_preprocessing();
  return detail::change(scorer, preprocess(to_input, gaussian_blur(images, options.blur)),
                        preprocess(to_input, images), planes, changed);
}

}  // namespace salient::metrics
