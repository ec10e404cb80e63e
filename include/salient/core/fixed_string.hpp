// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace salient {

/// A string that can be a template argument: `named<"features", conv2d<16, 3>>`.
template <std::size_t N>
struct fixed_string {
  char characters[N]{};

  consteval fixed_string(const char (&text)[N]) {
    for (std::size_t i = 0; i < N; ++i) characters[i] = text[i];
  }
  constexpr std::string_view view() const { return {characters, N - 1}; }
};

/// "denselayer" and 12 make "denselayer12".
template <fixed_string Prefix, int Number>
consteval auto numbered() {
  static_assert(Number >= 0, "numbered needs a number of at least 0");
  constexpr std::size_t digits = [] {
    std::size_t count = 1;
    for (int left = Number; left > 9; left /= 10) ++count;
    return count;
  }();
  constexpr std::size_t prefix = Prefix.view().size();
  char text[prefix + digits + 1]{};
  for (std::size_t i = 0; i < prefix; ++i) text[i] = Prefix.characters[i];
  int left = Number;
  for (std::size_t i = prefix + digits; i-- > prefix; left /= 10)
    text[i] = static_cast<char>('0' + left % 10);
  return fixed_string<prefix + digits + 1>(text);
}

}  // namespace salient
