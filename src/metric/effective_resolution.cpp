// SPDX-License-Identifier: MIT
#include "salient/metric/effective_resolution.hpp"

#include <algorithm>
#include <cmath>

#include "salient/core/blur.hpp"
#include "salient/metric/correlation.hpp"
#include "salient/metric/plane.hpp"

namespace salient::metrics {
namespace {

double finest_detail(const basic_tensor<double>& pixels) {
  const std::vector<double> ranks = detail::ranks<double>(pixels.values);
  const auto keeps_order = [&](double sigma) {
    const std::vector<double> blurred = detail::ranks<double>(gaussian_blur(pixels, sigma).values);
    return pearson<double>(ranks, blurred).value_or(0) >= 0.95;
  };
  const double widest = std::min<double>(std::max(pixels.extent.height, pixels.extent.width), widest_blur);
  double low = 0, high = 0.25;
  while (high < widest && keeps_order(high)) {
    low = high;
    high = std::min(high * std::exp2(0.25), widest);
  }
  if (low == 0) return 0;
  if (high == widest && keeps_order(widest)) return widest;
  while (high - low > 1e-3 * low) {
    const double middle = (low + high) / 2;
    (keeps_order(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace

template <class T>
values effective_resolution(const basic_tensor<T>& map) {
  detail::check_map(map, "effective_resolution");
  values result;
  for (long n = 0; n < map.batch; ++n) {
    basic_tensor<double> pixels({map.extent.height, map.extent.width, 1});
    pixels.values = detail::magnitudes(map, n);
    result.push_back(detail::constant(pixels.values) ? std::nullopt : std::optional(finest_detail(pixels)));
  }
  return result;
}

template values effective_resolution(const basic_tensor<float>&);
template values effective_resolution(const basic_tensor<double>&);

}  // namespace salient::metrics
