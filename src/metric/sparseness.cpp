// SPDX-License-Identifier: MIT
#include "salient/metric/sparseness.hpp"

#include <algorithm>

#include "salient/metric/plane.hpp"

namespace salient::metrics {

template <class T>
values sparseness(const basic_tensor<T>& map) {
  detail::check_map(map, "sparseness");
  values result;
  for (long n = 0; n < map.batch; ++n) {
    std::vector<double> sorted = detail::magnitudes(map, n);
    std::ranges::sort(sorted);
    const auto count = static_cast<double>(sorted.size());
    double total = 0, weighted = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      total += sorted[i];
      weighted += (2 * static_cast<double>(i) + 1 - count) * sorted[i];
    }
    result.push_back(total > 0 ? std::optional(std::max(0.0, weighted / count / total)) : std::nullopt);
  }
  return result;
}

template values sparseness(const basic_tensor<float>&);
template values sparseness(const basic_tensor<double>&);

}  // namespace salient::metrics
