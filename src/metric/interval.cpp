// SPDX-License-Identifier: MIT
#include "salient/metric/interval.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

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

estimate mean_over_images(std::span<const std::optional<double>> of_images, double level) {
  if (!(level > 0 && level < 1))
    throw error("mean_over_images: the level must be between 0 and 1, such as 0.95, got " +
                std::to_string(level));
  estimate result;
  double mean = 0, squares = 0;  // Welford's running mean, and sum of squared differences from it
  for (const std::optional<double>& value : of_images) {
    if (!value) {
      ++result.undefined;
      continue;
    }
    if (!is_finite(*value)) throw error("mean_over_images: all values must be finite, and one is not");
    const double difference = *value - mean;
    mean += difference / static_cast<double>(++result.count);
    squares += difference * (*value - mean);
  }
  const auto count = static_cast<double>(result.count);
  if (result.count > 0) result.mean = mean;
  if (result.count > 1)
    result.margin = detail::student_t(level, result.count - 1) * std::sqrt(squares / (count - 1) / count);
  return result;
}

}  // namespace salient::metrics
