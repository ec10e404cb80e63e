// SPDX-License-Identifier: MIT
#include "salient/metric/interval.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/core/philox.hpp"

namespace salient::metrics {
namespace detail {
namespace {

/// The probability of |T| <= sqrt(freedom) tan(angle), a finite sum of powers of cos(angle): Abramowitz and
/// Stegun, 26.7.3 and 26.7.4.
double probability_within(double angle, long freedom) {
  const double sine = std::sin(angle), cosine = std::cos(angle);
  const bool odd = freedom % 2 == 1;
  double term = odd ? cosine : 1, sum = freedom == 1 ? 0 : term;
  for (long k = odd ? 3 : 2; k < freedom && term > 1e-18 * sum; k += 2) {
    term *= cosine * cosine * static_cast<double>(k - 1) / static_cast<double>(k);
    sum += term;
  }
  return odd ? 2 / std::numbers::pi * (angle + sine * sum) : sine * sum;
}

}  // namespace

double student_t(double level, long freedom) {
  double low = 0, high = std::numbers::pi / 2;
  for (int halvings = 0; halvings < 100; ++halvings) {
    const double middle = (low + high) / 2;
    (probability_within(middle, freedom) < level ? low : high) = middle;
  }
  return std::sqrt(static_cast<double>(freedom)) * std::tan(low);
}

}  // namespace detail

namespace {

/// Of `count` values between 0 and 1 with this mean.
interval wilson(double mean, double count, double level) {
  const double z = normal_quantile((1 + level) / 2), z2 = z * z / count;
  const double middle = mean + z2 / 2, half = std::sqrt(z2 * (mean * (1 - mean) + z2 / 4));
  return {(middle - half) / (1 + z2), (middle + half) / (1 + z2)};
}

constexpr double rounding = 1e-6;  // of sums in float32

/// Whether half of the values or more are equal, but for rounding. At least two values.
bool mostly_equal(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t run = std::max((values.size() + 1) / 2, std::size_t{2}) - 1;
  for (std::size_t i = 0; i + run < values.size(); ++i)
    if (values[i + run] - values[i] <= rounding * std::max(std::abs(values[i]), std::abs(values[i + run])))
      return true;
  return false;
}

void check(double value, const scale& of) {
  if (!is_finite(value)) throw error("mean_over_images: all values must be finite, and one is not");
  if (value < of.low - rounding || value > of.high + rounding)
    throw error("mean_over_images: values must lie between " + std::to_string(of.low) + " and " +
                std::to_string(of.high) + ", got " + std::to_string(value));
}

std::optional<interval> around(double mean, double half, const std::vector<double>& values, const scale& of,
                               double level) {
  const auto count = static_cast<double>(values.size());
  interval found{mean - half, mean + half};
  if (of.kind == scale::kinds::share) found = wilson(mean, count, level);
  if (of.kind == scale::kinds::bounded && mostly_equal(values)) {
    if (!is_finite(of.low) || !is_finite(of.high)) return {};
    const double unseen = 1 - std::pow((1 - level) / 2, 1 / count);
    found.low = std::min(found.low, (1 - unseen) * mean + unseen * of.low);
    found.high = std::max(found.high, (1 - unseen) * mean + unseen * of.high);
  }
  return interval{std::min(mean, std::max(found.low, of.low)), std::max(mean, std::min(found.high, of.high))};
}

}  // namespace

estimate mean_over_images(std::span<const std::optional<double>> of_images, const scale& of, double level) {
  if (!(level > 0 && level < 1))
    throw error("mean_over_images: the level must be between 0 and 1, such as 0.95, got " +
                std::to_string(level));
  estimate result;
  std::vector<double> known;
  double mean = 0, squares = 0;  // Welford's running mean, and sum of squared differences from it
  for (const std::optional<double>& value : of_images) {
    if (!value) {
      ++result.undefined;
      continue;
    }
    check(*value, of);
    known.push_back(*value);
    const double difference = *value - mean;
    mean += difference / static_cast<double>(++result.count);
    squares += difference * (*value - mean);
  }
  const auto count = static_cast<double>(result.count);
  if (result.count > 0) result.mean = mean;
  if (result.count > 1) {
    const double half = detail::student_t(level, result.count - 1) * std::sqrt(squares / (count - 1) / count);
    result.within = around(mean, half, known, of, level);
  }
  return result;
}

}  // namespace salient::metrics
