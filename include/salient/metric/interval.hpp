// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>

#include "salient/metric/values.hpp"

namespace salient::metrics {

/// A mean over images, and how well it is known.
struct estimate {
  /// None without values.
  std::optional<double> mean{};
  /// The interval is mean - margin to mean + margin. None with fewer than two values.
  std::optional<double> margin{};
  long count = 0;      ///< values that the mean is of
  long undefined = 0;  ///< images left out, because the metric has no value for them
};

/// The mean of a metric over images with Student's t interval: the mean of the population that the images are
/// drawn from lies in it with probability `level`, if the means of such samples are normally distributed, as
/// those of many images are. The variance is the unbiased one, of n - 1 degrees of freedom.
///
/// For values of 0 and 1, such as a pointing game's, it is the usual approximation, and may reach beyond 0 or
/// 1. Throws salient::error if `level` is not between 0 and 1, or if a value is not finite.
estimate mean_over_images(std::span<const std::optional<double>> of_images, double level = 0.95);

namespace detail {

/// The t for which |T| <= t has probability `level` when T has Student's distribution; freedom >= 1.
double student_t(double level, long freedom);

}  // namespace detail
}  // namespace salient::metrics
