// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string_view>

#include "evidence/results.hpp"

namespace salient::evidence {

// Times differ from run to run, so that what follows from them stands apart in the page and the JSON.

inline constexpr double slow_factor = 10;
inline constexpr std::string_view slow_rule =
    "ten times as long as the fastest method of the network, or more";

/// The least time of a map by any method that was asked of the network.
inline double least_time(const network_results& n) {
  double least = 0;
  for (const auto& m : n.methods)
    if (m && (least == 0 || m->milliseconds < least)) least = m->milliseconds;
  return least;
}

inline bool is_slow(const network_results& n, std::size_t method) {
  return n.methods[method]->milliseconds >= slow_factor * least_time(n);
}

}  // namespace salient::evidence
