// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "salient/core/tensor.hpp"
#include "salient/method/list.hpp"
#include "salient/method/options.hpp"

namespace salient::evidence {

/// A method as it is measured: one of the list, or SmoothGrad with another statistic or of another method.
struct measurable {
  method_words words;
  std::string_view needs;  ///< completes "needs ..."
  method_kind kind;        ///< of the list
  smooth_statistic statistic = smooth_statistic::mean;
  method_kind base = kind_of<methods::gradients>;  ///< that SmoothGrad smooths
  bool random = false;                             ///< its map depends on a seed
};

/// The methods of the list in its order, then `smooth_squared`, `var_grad`, and `smooth_NAME` of every method
/// that SmoothGrad does not smooth by default. But not of RISE, whose map is the mean of random samples
/// already.
const std::vector<measurable>& all_measurable();
/// SmoothGrad has two more statistics, and other bases than gradients, itself and RISE.
inline constexpr std::size_t measurable_count = methods_count + 2 + (methods_count - 3);

/// What methods are given that draw at random.
struct draws {
  std::uint64_t seed = 0;  ///< of the run
  tensor baselines{};  ///< images of the data, from which Expected Gradients start; zeros if there are none
};

/// Expected Gradients start from the first images of the sample, but from no more than these.
inline constexpr long most_baselines = 32;

/// The seed of a method's random numbers about an image: it depends on the run's seed and the image's pixels
/// and on nothing else. So images have random numbers of their own, and one image has the same whatever is
/// asked about it.
std::uint64_t seed_of(std::uint64_t run, std::span<const float> image);

/// The options with which the method is asked about an image of this seed.
method_settings settings_of(const measurable& m, const tensor& baselines, std::uint64_t seed);

}  // namespace salient::evidence
