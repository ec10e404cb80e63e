// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "evidence/claims.hpp"
#include "evidence/results.hpp"

namespace salient::evidence {

// Times differ from run to run, so that what follows from them stands apart in the page and the JSON.

inline constexpr rule slow_rule{true, 10};
inline constexpr std::string_view slow_sentence =
    "A map takes ten times as long as that of the fastest method of the network, or more.";

/// The median of a method's runs. None without any.
std::optional<double> median_time(const metrics::values& milliseconds);

/// How many times as long as the fastest method of the network it takes, the mean of its runs with its
/// interval.
metrics::estimate slowness(const network_results& n, std::size_t method);

/// Methods that the library calls slow, or says to take many passes, and that are not slow on these networks;
/// and those that are, of which it says neither.
struct slow_difference {
  std::size_t method;
  bool said;
  std::vector<const network_results*> networks;
};
std::vector<slow_difference> slow_differences(const results& r);

}  // namespace salient::evidence
