// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "salient/core/standard_library.hpp"

namespace salient::metrics {

/// A metric's value for each image of a batch. None where it is undefined, such as a correlation with a
/// constant map; never NaN. `mean_over_images` averages the others and counts these.
using values = std::vector<std::optional<double>>;

}  // namespace salient::metrics
