// SPDX-License-Identifier: MIT
#include "salient/metric/perturbation.hpp"

#include <string>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient::metrics {

values areas(const std::vector<curve>& curves) {
  values result;
  for (const curve& c : curves) result.push_back(c.area);
  return result;
}

namespace detail {

std::vector<long> changed_pixels(long pixels, int steps, std::string_view metric) {
  if (steps < 1) throw error(std::string(metric) + ": needs at least 1 step, got " + std::to_string(steps));
  const long count = std::min<long>(steps, pixels);
  std::vector<long> changed;
  for (long k = 0; k <= count; ++k) changed.push_back(k * pixels / count);
  return changed;
}

curve make_curve(const std::vector<long>& changed, long pixels, std::vector<double> values, bool ordered) {
  curve result;
  for (const long some : changed)
    result.shares.push_back(static_cast<double>(some) / static_cast<double>(pixels));
  double area = 0;
  for (std::size_t k = 1; k < values.size(); ++k)
    area += (values[k - 1] + values[k]) / 2 * (result.shares[k] - result.shares[k - 1]);
  if (ordered) result.area = area / result.shares.back();
  result.values = std::move(values);
  return result;
}

template <class T>
T checked_baseline(double value, std::string_view metric) {
  const T narrow = static_cast<T>(value);
  if (!is_finite(narrow))
    throw error(std::string(metric) + ": the baseline must be finite in the model's scalar, got " +
                std::to_string(value));
  return narrow;
}

template float checked_baseline(double, std::string_view);
template double checked_baseline(double, std::string_view);

}  // namespace detail
}  // namespace salient::metrics
