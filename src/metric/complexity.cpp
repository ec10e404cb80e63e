// SPDX-License-Identifier: MIT
#include "salient/metric/complexity.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "salient/metric/plane.hpp"

namespace salient::metrics {

template <class T>
values complexity(const basic_tensor<T>& map) {
  detail::check_map(map, "complexity");
  values result;
  for (long n = 0; n < map.batch; ++n) {
    const std::vector<double> pixels = detail::magnitudes(map, n);
    const double total = std::accumulate(pixels.begin(), pixels.end(), 0.0);
    double entropy = 0;
    for (const double pixel : pixels) {
      const double share = pixel / total;
      if (share > 0) entropy -= share * std::log(share);
    }
    result.push_back(total > 0 ? std::optional(std::max(0.0, entropy)) : std::nullopt);
  }
  return result;
}

template values complexity(const basic_tensor<float>&);
template values complexity(const basic_tensor<double>&);

}  // namespace salient::metrics
