// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "evidence/claims.hpp"

namespace salient::evidence {

/// What is said of a method in comparison with another, and the figure that decides it.
struct comparison {
  std::string_view method, other;  ///< names
  std::string_view sentence;       ///< "changes less with noise than Gradients"
  evidence::figure stands;
  bool more;  ///< the method is said to have more of the figure than the other, else less
  /// Words of the library about the method that say so, as they stand there.
  std::string_view said;
};

std::span<const comparison> all_comparisons();

/// The place of a method by its name.
std::size_t place_of(std::string_view method);

/// The method's figure minus the other's, image by image. Without a mean if one of them is not known.
metrics::estimate difference_of(const network_results& n, const comparison& c);

/// It holds if the whole interval of the differences is on the side of the claim, and fails if the whole
/// interval is at 0 or on the other.
verdict judge(const network_results& n, const comparison& c);

}  // namespace salient::evidence
