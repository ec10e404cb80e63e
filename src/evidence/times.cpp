// SPDX-License-Identifier: MIT
#include "evidence/times.hpp"

#include <algorithm>

namespace salient::evidence {

std::optional<double> median_time(const metrics::values& milliseconds) {
  std::vector<double> times;
  for (const auto& t : milliseconds)
    if (t) times.push_back(*t);
  if (times.empty()) return {};
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

metrics::estimate slowness(const network_results& n, std::size_t method) {
  std::optional<double> least;
  for (const auto& m : n.methods)
    if (const auto t = m ? median_time(m->milliseconds) : std::nullopt; t && (!least || *t < *least))
      least = t;
  metrics::values factors;
  if (least && *least > 0)
    for (const auto& t : n.methods[method]->milliseconds)
      if (t) factors.emplace_back(*t / *least);
  return metrics::mean_over_images(factors);
}

std::vector<slow_difference> slow_differences(const results& r) {
  const claim& passes = *std::ranges::find(all_claims, "needs_many_passes", &claim::name);
  std::vector<slow_difference> all;
  for (const std::size_t m : r.methods) {
    // "Dozens of passes" says so too.
    slow_difference d{m, all_measurable()[m].words.slow || said_of(passes, m) > 0, {}};
    for (const network_results& n : r.networks)
      if (n.methods[m] && judge(slow_rule, slowness(n, m)) == (d.said ? verdict::fails : verdict::holds))
        d.networks.push_back(&n);
    if (!d.networks.empty()) all.push_back(std::move(d));
  }
  return all;
}

}  // namespace salient::evidence
