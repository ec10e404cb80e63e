// SPDX-License-Identifier: MIT
#include "salient/method/exact_integrated_gradients.hpp"

#include <string>

#include "salient/core/error.hpp"

namespace salient::methods::detail {

void check_pieces(int most) {
  if (most < 1)
    throw error("integrated gradients: most_pieces must be at least 1, got " + std::to_string(most));
}

}  // namespace salient::methods::detail
