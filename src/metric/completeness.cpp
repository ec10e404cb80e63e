// SPDX-License-Identifier: MIT
#include "salient/metric/completeness.hpp"

#include <cmath>
#include <string>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient::metrics {

template <class T>
values completeness_gap(const basic_tensor<T>& maps, std::span<const double> changes) {
  if (std::ssize(changes) != maps.batch)
    throw error("completeness_gap: " + std::to_string(maps.batch) + " maps and " +
                std::to_string(changes.size()) + " changes of the score; give one for each map");
  if (std::ssize(maps.values) != maps.batch * maps.extent.elements())
    throw error("completeness_gap: the values do not fill the maps");
  values result;
  for (long n = 0; n < maps.batch; ++n) {
    double sum = 0;
    for (const T v : maps.image(n)) sum += static_cast<double>(v);
    const double change = changes[static_cast<std::size_t>(n)], gap = std::abs(sum - change);
    if (!is_finite(gap)) throw error("completeness_gap: a map or a score is not finite");
    result.push_back(gap == 0      ? std::optional(0.0)
                     : change == 0 ? std::nullopt
                                   : std::optional(gap / std::abs(change)));
  }
  return result;
}
template values completeness_gap(const basic_tensor<float>&, std::span<const double>);
template values completeness_gap(const basic_tensor<double>&, std::span<const double>);

}  // namespace salient::metrics
