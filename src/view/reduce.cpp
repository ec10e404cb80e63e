// SPDX-License-Identifier: MIT
#include "salient/view/reduce.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "salient/core/finite.hpp"
#include "view/check.hpp"

namespace salient {
namespace {

/// Clamps a sum to T's largest finite value, so that a sum of finite values stays finite.
template <class T>
T narrow(double value, bool of_finite_values) {
  constexpr double most = std::numeric_limits<T>::max();
  return static_cast<T>(of_finite_values ? std::clamp(value, -most, most) : value);
}

/// Folds the channels of each position with `step(total, value)` and finishes with `last(total)`.
template <class T, class Step, class Last>
basic_tensor<T> fold(const basic_tensor<T>& map, const char* who, Step step, Last last) {
  view_detail::check(map, who);
  basic_tensor<T> out({map.extent.height, map.extent.width, 1}, map.batch);
  auto value = map.values.begin();
  for (T& result : out.values) {
    double total = 0;
    bool finite = true;
    for (int c = 0; c < map.extent.channels; ++c, ++value) {
      total = step(total, static_cast<double>(*value));
      finite &= is_finite(*value);
    }
    result = narrow<T>(last(total), finite);
  }
  return out;
}

}  // namespace

template <class T>
basic_tensor<T> absolute(const basic_tensor<T>& map) {
  view_detail::check(map, "absolute");
  basic_tensor<T> out = map;
  for (T& value : out.values) value = std::fabs(value);
  return out;
}

template <class T>
basic_tensor<T> channel_max_abs(const basic_tensor<T>& map) {
  // Not std::max, which would keep or drop a NaN depending on the order of channels.
  const auto larger = [](double most, double v) {
    return is_nan(most) || std::fabs(v) <= most ? most : std::fabs(v);
  };
  return fold(map, "channel_max_abs", larger, [](double most) { return most; });
}

template <class T>
basic_tensor<T> channel_sum(const basic_tensor<T>& map) {
  return fold(
      map, "channel_sum", [](double sum, double v) { return sum + v; }, [](double sum) { return sum; });
}

template <class T>
basic_tensor<T> channel_mean(const basic_tensor<T>& map) {
  const double channels = map.extent.channels;
  return fold(
      map, "channel_mean", [](double sum, double v) { return sum + v; },
      [channels](double sum) { return sum / channels; });
}

template <class T>
basic_tensor<T> channel_norm(const basic_tensor<T>& map) {
  return fold(
      map, "channel_norm", [](double norm, double v) { return std::hypot(norm, v); },
      [](double norm) { return norm; });
}

template basic_tensor<float> absolute(const basic_tensor<float>&);
template basic_tensor<double> absolute(const basic_tensor<double>&);
template basic_tensor<float> channel_max_abs(const basic_tensor<float>&);
template basic_tensor<double> channel_max_abs(const basic_tensor<double>&);
template basic_tensor<float> channel_sum(const basic_tensor<float>&);
template basic_tensor<double> channel_sum(const basic_tensor<double>&);
template basic_tensor<float> channel_mean(const basic_tensor<float>&);
template basic_tensor<double> channel_mean(const basic_tensor<double>&);
template basic_tensor<float> channel_norm(const basic_tensor<float>&);
template basic_tensor<double> channel_norm(const basic_tensor<double>&);

}  // namespace salient
