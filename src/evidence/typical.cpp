// SPDX-License-Identifier: MIT
#include "evidence/typical.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace salient::evidence {

extremes find_extremes(const network_results& n, std::size_t images) {
  std::vector<double> sums(images), counts(images);
  for (const auto& method : n.methods) {
    if (!method) continue;
    for (std::size_t f = 0; f < figures_count; ++f) {
      if (all_figures[f].of_pairs) continue;
      const auto& values = method->of[f];
      double mean = 0, count = 0, squares = 0;
      for (const auto& v : values)
        if (v) mean += *v, ++count;
      if (count < 2) continue;
      mean /= count;
      for (const auto& v : values)
        if (v) squares += (*v - mean) * (*v - mean);
      const double deviation = std::sqrt(squares / (count - 1));
      // Figures that are the same for every image say nothing; rounding may leave a trace of difference.
      if (!(deviation > 1e-9 * std::abs(mean))) continue;
      for (std::size_t i = 0; i < std::min(images, values.size()); ++i)
        if (values[i]) sums[i] += std::abs(*values[i] - mean) / deviation, ++counts[i];
    }
  }
  extremes found;
  std::vector<double> distances(images);
  for (std::size_t i = 0; i < images; ++i) distances[i] = counts[i] > 0 ? sums[i] / counts[i] : 0;
  found.typical = static_cast<std::size_t>(std::ranges::min_element(distances) - distances.begin());
  found.different = static_cast<std::size_t>(std::ranges::max_element(distances) - distances.begin());
  return found;
}

}  // namespace salient::evidence
