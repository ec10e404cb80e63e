// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>

#include "io/bad_input.hpp"

namespace salient::test {

/// Flips bits, cuts, inserts, doubles or overwrites a range.
inline bytes mutated(bytes content, std::mt19937& random) {
  const auto below = [&](std::size_t n) {
    return static_cast<std::ptrdiff_t>(random() % std::max<std::size_t>(n, 1));
  };
  for (std::size_t times = random() % 4 == 0 ? 3 : 1; times > 0 && !content.empty(); --times) {
    const auto at = content.begin() + below(content.size());
    const auto rest = static_cast<std::size_t>(content.end() - at);
    const bytes range(at, at + below(std::min<std::size_t>(rest, 40)));
    switch (random() % 6) {
      case 0:
        *at = static_cast<std::uint8_t>(*at ^ 1 << random() % 8);
        break;
      case 1:
        *at = static_cast<std::uint8_t>(random());
        break;
      case 2:
        content.erase(at, random() % 4 == 0 ? content.end() : at + static_cast<std::ptrdiff_t>(range.size()));
        break;
      case 3:
        content.insert(at, 1 + random() % 9, static_cast<std::uint8_t>(random()));
        break;
      case 4:
        content.insert(at, range.begin(), range.end());
        break;
      default:
        content.insert(content.begin() + below(content.size()), range.begin(), range.end());
    }
  }
  return content;
}

}  // namespace salient::test
