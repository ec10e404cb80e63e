// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "salient/core/shape.hpp"

namespace salient {

/// A sentence built at compile time and shown by the compiler as a template argument.
struct text {
  static constexpr std::size_t capacity = 256;
  char characters[capacity]{};
  std::size_t length = 0;

  constexpr text& operator<<(std::string_view more) {
    for (const char c : more)
      if (length + 1 < capacity) characters[length++] = c;
    return *this;
  }
  constexpr text& operator<<(int number) {
    if (number < 0) return *this << "-" << -number;
    if (number > 9) *this << number / 10;
    const char digit = static_cast<char>('0' + number % 10);
    return *this << std::string_view(&digit, 1);
  }
  constexpr text& operator<<(shape s) { return *this << s.height << "x" << s.width << "x" << s.channels; }

  constexpr std::string_view view() const { return {characters, length}; }
  constexpr bool empty() const { return length == 0; }
};

/// A form of the text that the compiler shows completely: Clang cuts strings after 32 characters.
#ifdef __clang__
struct message {
  char lines[text::capacity / 32][33]{};

  constexpr message(const text& from) {
    const std::string_view all = from.view();
    for (std::size_t line = 0; 32 * line < all.size(); ++line) {
      for (std::size_t i = 0; i < 32; ++i)
        lines[line][i] = 32 * line + i < all.size() ? all[32 * line + i] : ' ';
      lines[line][32] = '\0';  // Clang shows an array as a string if it is zero-terminated
    }
  }
  constexpr bool empty() const { return lines[0][0] == '\0'; }
};
#else
using message = text;
#endif

}  // namespace salient
