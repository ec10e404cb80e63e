// SPDX-License-Identifier: MIT
#include "salient/method/changed_inputs.hpp"

#include <string>

#include "salient/core/error.hpp"

namespace salient::methods::detail {

void check_budget(std::string_view method, long budget) {
  if (budget < 1)
    throw error(std::string(method) + ": the budget must be at least 1 byte, got " + std::to_string(budget));
}

}  // namespace salient::methods::detail
