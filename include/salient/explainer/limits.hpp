// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <string>

#include "salient/core/standard_library.hpp"

namespace salient::explainer {

/// The range of numbers that an option accepts.
struct limits {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
  bool above = false, below = false;  ///< the bound itself is excluded

  /// Whether `value` is finite and in range.
  bool hold(double value) const;
  /// "1 to 100000", "at least 1", "above 0", "at least 0 and below 1"
  std::string text() const;
};

constexpr limits between(double lowest, double highest) { return {.lowest = lowest, .highest = highest}; }
constexpr limits at_least(double lowest) { return {.lowest = lowest}; }
constexpr limits above(double lowest) { return {.lowest = lowest, .above = true}; }

}  // namespace salient::explainer
