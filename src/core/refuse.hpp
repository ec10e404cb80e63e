// SPDX-License-Identifier: MIT
#pragma once

#include <sstream>
#include <string>
#include <string_view>

#include "salient/core/error.hpp"

namespace salient::detail {

/// Throws salient::error: "who: rule, got given".
template <class N>
[[noreturn]] void refuse(std::string_view who, std::string_view rule, const N& given) {
  std::ostringstream text;
  text << who << ": " << rule << ", got " << given;
  throw error(text.str());
}

inline constexpr int most_samples = 1'000'000;

/// Throws unless there are at least two samples, which have a standard error, and not too many.
inline void check_sample_count(std::string_view who, std::string_view name, int n) {
  if (n < 2 || n > most_samples)
    refuse(who,
           std::string(name) + " must be between 2, of which there is a standard error, and " +
               std::to_string(most_samples),
           n);
}

}  // namespace salient::detail
