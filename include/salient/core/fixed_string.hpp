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

}  // namespace salient
