// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "salient/core/preprocessing.hpp"
#include "salient/metric/plane.hpp"
#include "salient/metric/scorer.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

/// The probability of each image's class, as explained_confidence finds it.
struct confidences {
  std::vector<double> whole;  ///< for the image
  values explained;           ///< for what the map leaves of it; none for a constant map
};

/// How much of the probability is lost, for each image: max(0, whole - explained) / whole, from 0 to 1. The
/// mean is the average drop, which papers give in per cent. Smaller is better. None for a constant map, or
/// where `whole` is 0. Throws salient::error if the lists differ in length.
values average_drop(const confidences& of);

/// 1 if the class is more probable for what the map leaves, else 0, for each image. The mean is the increase
/// in confidence, which papers give in per cent. Larger is better. None for a constant map. Throws
/// salient::error if the lists differ in length.
values increase_in_confidence(const confidences& of);

namespace detail {

/// Scales an image's pixels to 0..1 in place.
void scale_to_unit(std::span<double> pixels);

}  // namespace detail

/// The probability of the class for each image, and for x times the map scaled to 0..1, for average_drop and
/// increase_in_confidence. Chattopadhay et al. 2018, arXiv:1710.11063.
///
/// x is the network's input, after preprocessing, as for methods and for deletion: where the map is at its
/// least, the input becomes 0. The map is N x H x W x C, or a feature map, N x h x w x 1, which is enlarged;
/// a pixel's signed sum over the channels is scaled so that the image's least becomes 0 and its most 1, and
/// multiplies all channels of x. Runs `at_once` images together.
///
/// Throws salient::error for wrong images or classes, if there is not one map for each image, if a map is
/// larger than the image or not finite, and if scores are not finite.
template <class Model>
confidences explained_confidence(const Model& model, const basic_tensor<typename Model::scalar>& images,
                                 const basic_tensor<typename Model::scalar>& maps,
                                 const probability& target = {}, long at_once = 64) {
  using scalar = typename Model::scalar;
  constexpr shape extent = Model::network::input_shape;
  constexpr auto channels = static_cast<std::size_t>(extent.channels);
  detail::scorer<Model, probability> scorer(model, images, target, images.batch, at_once);
  auto masks = detail::relevance(maps, size(extent), images.batch, "explained_confidence");
  const auto inputs = preprocess(model.input_preprocessing(), images);
  std::vector<long> ordered;  // the images whose maps are not constant
  for (long n = 0; n < images.batch; ++n)
    if (!detail::constant(masks.image(n))) ordered.push_back(n);
  const auto image = [&](long k) { return ordered[static_cast<std::size_t>(k)]; };
  const auto left =
      scorer.values_of(static_cast<long>(ordered.size()), image, [&](long k, std::span<scalar> input) {
        const auto mask = masks.image(image(k));
        detail::scale_to_unit(mask);
        const auto x = inputs.image(image(k));
        for (std::size_t i = 0; i < input.size(); ++i)
          input[i] = static_cast<scalar>(static_cast<double>(x[i]) * mask[i / channels]);
      });
  confidences result;
  result.explained.resize(static_cast<std::size_t>(images.batch));
  for (long n = 0; n < images.batch; ++n) result.whole.push_back(scorer.value_of(n));
  for (std::size_t k = 0; k < left.size(); ++k)
    result.explained[static_cast<std::size_t>(ordered[k])] = left[k];
  return result;
}

}  // namespace salient::metrics
