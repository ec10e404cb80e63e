// SPDX-License-Identifier: MIT
#include "salient/metric/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/metric/plane.hpp"

namespace salient::metrics {
namespace {

template <class T>
void check(std::span<const T> a, std::span<const T> b, const std::string& who) {
  if (a.size() != b.size())
    throw error(who + ": needs two lists of one length, got " + std::to_string(a.size()) + " and " +
                std::to_string(b.size()) + " values");
  if (!all_finite(a) || !all_finite(b)) throw error(who + ": all values must be finite, and one is not");
}

/// Values less their mean, divided by a power of two first, so that squares neither overflow nor vanish.
/// Empty if the values are constant: rounding of the mean must not make a correlation of that.
template <class T>
std::vector<double> centred(std::span<const T> values) {
  if (values.empty()) return {};
  const auto [least, most] = std::ranges::minmax(values);
  if (least == most) return {};
  int exponent = 0;
  std::frexp(std::max(std::fabs(static_cast<double>(least)), std::fabs(static_cast<double>(most))),
             &exponent);
  std::vector<double> result;
  result.reserve(values.size());
  for (const T v : values) result.push_back(std::ldexp(static_cast<double>(v), -exponent));
  const double mean = std::accumulate(result.begin(), result.end(), 0.0) / static_cast<double>(result.size());
  double largest = 0;
  for (double& v : result) largest = std::max(largest, std::fabs(v -= mean));
  for (double& v : result) v /= largest;
  return result;
}

template <class Correlation, class T>
values of_each_image(const basic_tensor<T>& a, const basic_tensor<T>& b, const char* who,
                     Correlation correlation) {
  detail::check_pair(a, b, who);
  values result;
  for (long n = 0; n < a.batch; ++n) result.push_back(correlation(a.image(n), b.image(n)));
  return result;
}

}  // namespace

namespace detail {

template <class T>
std::vector<double> ranks(std::span<const T> values) {
  const std::size_t count = values.size();
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> result(count);
  for (std::size_t first = 0, end = 0; first < count; first = end) {
    while (end < count && values[order[end]] == values[order[first]]) ++end;
    const double mean = static_cast<double>(first + 1 + end) / 2;
    for (std::size_t i = first; i < end; ++i) result[order[i]] = mean;
  }
  return result;
}

template std::vector<double> ranks(std::span<const float>);
template std::vector<double> ranks(std::span<const double>);

}  // namespace detail

template <class T>
std::optional<double> pearson(std::span<const T> a, std::span<const T> b) {
  check(a, b, "pearson");
  const std::vector<double> da = centred(a), db = centred(b);
  if (da.empty() || db.empty()) return std::nullopt;
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < da.size(); ++i) {
    aa += da[i] * da[i];
    bb += db[i] * db[i];
    ab += da[i] * db[i];
  }
  return std::clamp(ab / std::sqrt(aa) / std::sqrt(bb), -1.0, 1.0);
}

template <class T>
std::optional<double> spearman(std::span<const T> a, std::span<const T> b) {
  check(a, b, "spearman");
  return pearson<double>(detail::ranks(a), detail::ranks(b));
}

template <class T>
values pearson(const basic_tensor<T>& a, const basic_tensor<T>& b) {
  return of_each_image(a, b, "pearson",
                       [](std::span<const T> one, std::span<const T> other) { return pearson(one, other); });
}

template <class T>
values spearman(const basic_tensor<T>& a, const basic_tensor<T>& b) {
  return of_each_image(a, b, "spearman",
                       [](std::span<const T> one, std::span<const T> other) { return spearman(one, other); });
}

template std::optional<double> pearson(std::span<const float>, std::span<const float>);
template std::optional<double> pearson(std::span<const double>, std::span<const double>);
template std::optional<double> spearman(std::span<const float>, std::span<const float>);
template std::optional<double> spearman(std::span<const double>, std::span<const double>);
template values pearson(const basic_tensor<float>&, const basic_tensor<float>&);
template values pearson(const basic_tensor<double>&, const basic_tensor<double>&);
template values spearman(const basic_tensor<float>&, const basic_tensor<float>&);
template values spearman(const basic_tensor<double>&, const basic_tensor<double>&);

}  // namespace salient::metrics
