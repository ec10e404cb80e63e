// SPDX-License-Identifier: MIT
#include "salient/method/integrated_gradients.hpp"

#include <numeric>
#include <string>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient::methods {
void integrated_gradients::check_steps() const {
  detail::check_steps("integrated gradients", "steps", steps);
  if (most_steps) detail::check_steps("integrated gradients", "most_steps", *most_steps);
  if (most_steps && !tolerance)
    throw error("integrated gradients: most_steps goes with a tolerance; without one, steps is their number");
  if (tolerance && (!is_finite(*tolerance) || !(*tolerance > 0)))
    throw error("integrated gradients: the tolerance must be above zero and finite");
}

namespace detail {

template <class T>
void close(integrated<T>& result, long n, T baseline_value, std::size_t points) {
  const auto i = static_cast<std::size_t>(n);
  const auto map = result.map.image(n);
  const double sum = std::accumulate(map.begin(), map.end(), 0.0);
  result.baseline_values[i] = baseline_value;
  result.gaps[i] =
      static_cast<T>(sum - (static_cast<double>(result.values[i]) - static_cast<double>(baseline_value)));
  result.points[i] = static_cast<int>(points);
  const T values[]{baseline_value, result.gaps[i]};
  salient::detail::check_finite<T>(map, values);
}

template void close(integrated<float>&, long, float, std::size_t);
template void close(integrated<double>&, long, double, std::size_t);

}  // namespace detail
}  // namespace salient::methods
