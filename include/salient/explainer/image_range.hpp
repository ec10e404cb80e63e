// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "salient/core/standard_library.hpp"

namespace salient::explainer {

/// Images of a set.
struct image_range {
  long first = 0, count = 0;
};

/// "17", or a range as in Python: "0:1000" without the last, "500:", ":". Nothing for other text. Throws
/// salient::error "<whose> 0 to 9999, got 10000" for what the set of `count` images does not have.
std::optional<image_range> range_of(const std::string& text, long count, const std::string& whose);

}  // namespace salient::explainer
