// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "graph/match_tensors.hpp"

namespace salient::detail {

/// Which found tensors match which wanted ones, by name only.
struct assignment {
  std::string_view prefix;                         // removed from the names found
  std::vector<std::size_t> missing;                // indices into the wanted
  std::vector<std::optional<std::size_t>> wanted;  // for each found, the wanted one that it matches
  std::vector<std::size_t> surplus;                // indices into the found

  bool fits() const { return missing.empty() && surplus.empty(); }
};

/// Throws salient::error with the likeliest cause unless names, dimensions and types all match.
void refuse_mismatch(std::span<const wanted_tensor> wanted, const tensor_stream& found,
                     const assignment& by_name);

}  // namespace salient::detail
