// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <span>

#include "salient/core/tensor.hpp"
#include "salient/metric/scorer.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

/// How far the sum of a map is from the change of the score since the baseline that it should be, relative to
/// that change, for each image: |sum - change| / |change|. 0 is complete; smaller is better, for methods that
/// promise it. None where the score did not change, unless the sum is 0 too. Sundararajan, Taly and Yan 2017,
/// arXiv:1703.01365.
///
/// maps: N x h x w x C, all of whose values are summed; changes: one for each image. For float and double.
/// Throws salient::error if there is not one change for each map, or if values do not fill the maps or are
/// not finite.
template <class T>
values completeness_gap(const basic_tensor<T>& maps, std::span<const double> changes);

/// The same with the change of the target since the network's input, after preprocessing, was `baseline`
/// everywhere: the default baseline of Integrated Gradients and its relatives is 0. Throws also for wrong
/// images or classes, and if scores are not finite.
template <class Model, class Target = logit>
values completeness_gap(const Model& model, const basic_tensor<typename Model::scalar>& images,
                        const basic_tensor<typename Model::scalar>& maps, const Target& target = {},
                        double baseline = 0) {
  using scalar = typename Model::scalar;
  detail::scorer<Model, Target> scorer(model, images, target, images.batch, 64);
  const auto at_baseline = scorer.values_of(
      images.batch, [](long k) { return k; },
      [&](long, std::span<scalar> input) { std::ranges::fill(input, static_cast<scalar>(baseline)); });
  std::vector<double> changes;
  for (long n = 0; n < images.batch; ++n)
    changes.push_back(scorer.value_of(n) - at_baseline[static_cast<std::size_t>(n)]);
  return completeness_gap(maps, std::span<const double>(changes));
}

}  // namespace salient::metrics
