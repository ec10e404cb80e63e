// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace apps {

/// Five significant digits.
std::string number(double value);

/// "99.98 %" of a share of 1; "undefined" for a share of nothing.
std::string percent(double share);

/// Nothing unless all of `text` is a number.
std::optional<float> to_number(const std::string& text);

/// "0.5,1" as {0.5, 1}; nothing unless `text` is a comma-separated list of numbers.
std::vector<double> to_numbers(const std::string& text);

}  // namespace apps
