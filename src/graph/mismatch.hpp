// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "graph/match_tensors.hpp"

namespace salient::detail {

/// Which tensors found are those wanted, by name alone.
struct assignment {
  std::string_view prefix;                         // taken off the names found
  std::vector<std::size_t> missing;                // of those wanted
  std::vector<std::optional<std::size_t>> wanted;  // for each found
  std::vector<std::size_t> surplus;                // of those found

  bool fits() const { return missing.empty() && surplus.empty(); }
};

/// Throws salient::error, which names the likeliest cause, unless names, dimensions and types all fit.
void refuse_mismatch(std::span<const wanted_tensor> wanted, const tensor_stream& found,
                     const assignment& by_name);

}  // namespace salient::detail
