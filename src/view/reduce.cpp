// SPDX-License-Identifier: MIT
#include "salient/view/reduce.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "view/check.hpp"

namespace salient {
namespace {

float narrow(double value) {
  constexpr double most = std::numeric_limits<float>::max();
  return std::isfinite(value) ? static_cast<float>(std::clamp(value, -most, most))
                              : static_cast<float>(value);
}

/// Folds the channels of every position with `step(total, value)`, then ends with `last(total)`.
template <class Step, class Last>
tensor fold(const tensor& map, const char* who, Step step, Last last) {
  view_detail::check(map, who);
  tensor out({map.extent.height, map.extent.width, 1}, map.batch);
  auto value = map.values.begin();
  for (float& result : out.values) {
    double total = 0;
    for (int c = 0; c < map.extent.channels; ++c) total = step(total, static_cast<double>(*value++));
    result = narrow(last(total));
  }
  return out;
}

}  // namespace

tensor absolute(const tensor& map) {
  view_detail::check(map, "absolute");
  tensor out = map;
  for (float& value : out.values) value = std::fabs(value);
  return out;
}

tensor channel_max_abs(const tensor& map) {
  // Not std::max, which would keep or drop a NaN depending on the order of the channels.
  const auto larger = [](double most, double v) {
    return std::isnan(most) || std::fabs(v) <= most ? most : std::fabs(v);
  };
  return fold(map, "channel_max_abs", larger, [](double most) { return most; });
}

tensor channel_sum(const tensor& map) {
  return fold(
      map, "channel_sum", [](double sum, double v) { return sum + v; }, [](double sum) { return sum; });
}

tensor channel_mean(const tensor& map) {
  const double channels = map.extent.channels;
  return fold(
      map, "channel_mean", [](double sum, double v) { return sum + v; },
      [channels](double sum) { return sum / channels; });
}

tensor channel_norm(const tensor& map) {
  return fold(
      map, "channel_norm", [](double sum, double v) { return sum + v * v; },
      [](double sum) { return std::sqrt(sum); });
}

}  // namespace salient
