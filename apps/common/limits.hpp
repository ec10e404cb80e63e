// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <string>

namespace apps {

/// Which numbers an option takes.
struct limits {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
  bool above = false, below = false;  ///< not the lowest, not the highest itself

  /// False for what is not finite.
  bool hold(double value) const;
  /// "1 to 100000", "at least 1", "above 0", "at least 0 and below 1"
  std::string text() const;
};

constexpr limits between(double lowest, double highest) { return {.lowest = lowest, .highest = highest}; }
constexpr limits at_least(double lowest) { return {.lowest = lowest}; }
constexpr limits above(double lowest) { return {.lowest = lowest, .above = true}; }

}  // namespace apps
