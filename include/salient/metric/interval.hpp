// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <optional>
#include <span>

#include "salient/metric/values.hpp"

namespace salient::metrics {

struct interval {
  double low, high;

  friend bool operator==(const interval&, const interval&) = default;
};

/// A mean over images, and how well it is known.
struct estimate {
  /// None without values.
  std::optional<double> mean{};
  /// The mean of the population that the images are drawn from lies in it with the probability that was asked
  /// for. It holds `mean`, not always in its middle. None with fewer than two values, and where the values
  /// give no bound.
  std::optional<interval> within{};
  long count = 0;      ///< values that the mean is of
  long undefined = 0;  ///< images left out, because the metric has no value for them
};

/// What values a metric can have, which decides the interval of their mean.
struct scale {
  enum class kinds {
    any,      ///< numbers
    bounded,  ///< not below `low`, and not above `high`
    share,    ///< a count of what is true, over the number of what was asked, from 0 to 1: 0, 1, perhaps 1/2
  };
  kinds kind = kinds::any;
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();

  /// Of the difference of two values. Those of shares are bounded.
  constexpr scale of_differences() const {
    return kind == kinds::any ? *this : scale{kinds::bounded, low - high, high - low};
  }

  friend bool operator==(const scale&, const scale&) = default;
};

inline constexpr scale any_number{};
inline constexpr scale share{scale::kinds::share, 0, 1};
constexpr scale between(double low, double high) { return {scale::kinds::bounded, low, high}; }
constexpr scale at_least(double low) { return between(low, std::numeric_limits<double>::infinity()); }

/// The mean of a metric over images with an interval of probability `level`, of a kind that suits the values:
///
/// - any number: Student's t interval, exact if the values are normally distributed, and near for the means
/// of
///   many that are not. The variance is the unbiased one, of n - 1 degrees of freedom.
/// - bounded: the same, cut off at the bounds. Where half of the values or more are equal, but for rounding,
///   their spread rests on few of them or on none, and says little of values that none of the images has. A
///   share of 1 - ((1 - level) / 2)^(1/n) of the population can be missed by all n with a probability of
///   (1 - level) / 2. So the interval then reaches at least as far as if that share were at either bound; for
///   equal values at a bound this is Clopper and Pearson's. None where such values have no bound on one side.
/// - share: Wilson's score interval, which is neither empty nor beyond 0 and 1 for any count; for values
///   between 0 and 1 it is too wide rather than too narrow, since their variance is at most that of zeros and
///   ones with the same mean. Wilson 1927, doi:10.1080/01621459.1927.10502953; Brown, Cai and DasGupta 2001,
///   doi:10.1214/ss/1009213286.
///
/// Throws salient::error if `level` is not between 0 and 1, if a value is not finite, or if it is beyond the
/// bounds by more than rounding.
estimate mean_over_images(std::span<const std::optional<double>> of_images, const scale& of = any_number,
                          double level = 0.95);

namespace detail {

/// The t for which |T| <= t has probability `level` when T has Student's distribution; freedom >= 1.
double student_t(double level, long freedom);

}  // namespace detail
}  // namespace salient::metrics
