// SPDX-License-Identifier: MIT
#include "salient/core/standard_library.hpp"

namespace salient::detail {

void needs_a_library_compiled_with_the_same_standard_library(const std::vector<std::string>&) {}

}  // namespace salient::detail
