// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "salient/core/tensor.hpp"

namespace salient::explainer {

/// Warns on stderr if pixels of the image `name` are far outside 0 to 1.
void warn_of_range(const std::string& program, const std::string& name, const salient::tensor& image);

}  // namespace salient::explainer
