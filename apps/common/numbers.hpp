// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace apps {

/// Five significant digits.
std::string number(double value);

/// "99.98 %" of a share of 1; "undefined" for a share of nothing.
std::string percent(double share);

/// Nothing unless all of `text` is a number.
std::optional<float> to_number(const std::string& text);

}  // namespace apps
