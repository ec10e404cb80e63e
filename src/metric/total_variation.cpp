// SPDX-License-Identifier: MIT
#include "salient/metric/total_variation.hpp"

#include <cmath>
#include <numeric>

#include "salient/metric/plane.hpp"

namespace salient::metrics {

template <class T>
values total_variation(const basic_tensor<T>& map) {
  detail::check_map(map, "total_variation");
  const auto width = static_cast<std::size_t>(map.extent.width);
  values result;
  for (long n = 0; n < map.batch; ++n) {
    const std::vector<double> pixels = detail::magnitudes(map, n);
    const double total = std::accumulate(pixels.begin(), pixels.end(), 0.0);
    double variation = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      if ((i + 1) % width != 0) variation += std::fabs(pixels[i] - pixels[i + 1]);
      if (i + width < pixels.size()) variation += std::fabs(pixels[i] - pixels[i + width]);
    }
    result.push_back(total > 0 ? std::optional(variation / total) : std::nullopt);
  }
  return result;
}

template values total_variation(const basic_tensor<float>&);
template values total_variation(const basic_tensor<double>&);

}  // namespace salient::metrics
