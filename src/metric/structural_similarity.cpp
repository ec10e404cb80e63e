// SPDX-License-Identifier: MIT
#include "salient/metric/structural_similarity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/metric/plane.hpp"

namespace salient::metrics {
namespace {

constexpr int radius = 5, window = 2 * radius + 1;

/// The Gaussian's weights along one axis; those of the window are products of two.
std::array<double, window> weights() {
  std::array<double, window> w{};
  double total = 0;
  for (int i = 0; i < window; ++i) {
    const double distance = (i - radius) / 1.5;
    total += w[static_cast<std::size_t>(i)] = std::exp(-0.5 * distance * distance);
  }
  for (double& weight : w) weight /= total;
  return w;
}

/// One channel of one image, row-major.
struct channel {
  long height, width;
  std::vector<double> values;
};

/// The weighted means of all windows that fit: (height - 10) x (width - 10).
std::vector<double> means(const channel& of) {
  static const std::array<double, window> w = weights();
  const auto at = [](const std::vector<double>& v, long i) { return v[static_cast<std::size_t>(i)]; };
  const long columns = of.width - 2 * radius, rows = of.height - 2 * radius;
  std::vector<double> across(static_cast<std::size_t>(of.height * columns));
  for (long y = 0; y < of.height; ++y)
    for (long x = 0; x < columns; ++x)
      for (long k = 0; k < window; ++k)
        across[static_cast<std::size_t>(y * columns + x)] +=
            w[static_cast<std::size_t>(k)] * at(of.values, y * of.width + x + k);
  std::vector<double> result(static_cast<std::size_t>(rows * columns));
  for (long y = 0; y < rows; ++y)
    for (long k = 0; k < window; ++k)
      for (long x = 0; x < columns; ++x)
        result[static_cast<std::size_t>(y * columns + x)] +=
            w[static_cast<std::size_t>(k)] * at(across, (y + k) * columns + x);
  return result;
}

channel product(const channel& a, const channel& b) {
  channel result = a;
  for (std::size_t i = 0; i < a.values.size(); ++i) result.values[i] *= b.values[i];
  return result;
}

double similarity(const channel& a, const channel& b, double range) {
  const double c1 = 0.01 * range * (0.01 * range), c2 = 0.03 * range * (0.03 * range);
  const auto mean_a = means(a), mean_b = means(b);
  const auto aa = means(product(a, a)), bb = means(product(b, b)), ab = means(product(a, b));
  double total = 0;
  for (std::size_t i = 0; i < aa.size(); ++i) {
    const double squares = mean_a[i] * mean_a[i] + mean_b[i] * mean_b[i], both = mean_a[i] * mean_b[i];
    const double variances = aa[i] + bb[i] - squares, covariance = ab[i] - both;
    total += (2 * both + c1) * (2 * covariance + c2) / ((squares + c1) * (variances + c2));
  }
  return total / static_cast<double>(aa.size());
}

/// Channel c of image n, divided by `unit`.
template <class T>
channel take(const basic_tensor<T>& map, long n, int c, double unit) {
  channel result{map.extent.height, map.extent.width, {}};
  for (int y = 0; y < map.extent.height; ++y)
    for (int x = 0; x < map.extent.width; ++x)
      result.values.push_back(static_cast<double>(map(n, y, x, c)) / unit);
  return result;
}

}  // namespace

template <class T>
values structural_similarity(const basic_tensor<T>& a, const basic_tensor<T>& b,
                             std::optional<double> range) {
  detail::check_pair(a, b, "structural_similarity");
  if (a.extent.height < window || a.extent.width < window)
    throw error("structural_similarity: needs maps of at least 11x11, its window, got " +
                std::to_string(a.extent.height) + "x" + std::to_string(a.extent.width) +
                "; enlarge them with resample");
  if (range && (!is_finite(*range) || !(*range > 0)))
    throw error("structural_similarity: the range must be above 0 and finite, got " + std::to_string(*range));
  values result;
  for (long n = 0; n < a.batch; ++n) {
    const auto [least_a, most_a] = std::ranges::minmax(a.image(n));
    const auto [least_b, most_b] = std::ranges::minmax(b.image(n));
    const double least = static_cast<double>(std::min(least_a, least_b)),
                 most = static_cast<double>(std::max(most_a, most_b));
    if (!range && least == most) {
      result.emplace_back();
      continue;
    }
    // Values near 1, whose squares neither overflow nor vanish.
    const double unit = std::max(std::fabs(least), std::fabs(most));
    const double scaled = range && unit > 0 ? *range / unit : range ? *range : most / unit - least / unit;
    double total = 0;
    for (int c = 0; c < a.extent.channels; ++c)
      total += similarity(take(a, n, c, unit > 0 ? unit : 1), take(b, n, c, unit > 0 ? unit : 1), scaled);
    result.push_back(total / a.extent.channels);
  }
  return result;
}

template values structural_similarity(const basic_tensor<float>&, const basic_tensor<float>&,
                                      std::optional<double>);
template values structural_similarity(const basic_tensor<double>&, const basic_tensor<double>&,
                                      std::optional<double>);

}  // namespace salient::metrics
