// SPDX-License-Identifier: MIT
#include "salient/method/changed_inputs.hpp"

#include "core/refuse.hpp"

namespace salient::methods::detail {

void check_budget(std::string_view method, long budget) {
  if (budget < 1) salient::detail::refuse(method, "the budget must be at least 1 byte", budget);
}

}  // namespace salient::methods::detail
