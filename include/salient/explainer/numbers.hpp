// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "salient/core/standard_library.hpp"

namespace salient::explainer {

/// Formats with five significant digits.
std::string number(double value);

/// A share of 1 as a percentage, "99.98 %"; "undefined" for 0 / 0.
std::string percent(double share);

/// Empty unless all of `text` is a number.
std::optional<float> to_number(const std::string& text);

/// Parses "0.5,1" as {0.5, 1}; empty unless `text` is a comma-separated list of numbers.
std::vector<double> to_numbers(const std::string& text);

}  // namespace salient::explainer
