// SPDX-License-Identifier: MIT
#include "core/printable.hpp"

#include <cstddef>

namespace salient::detail {

std::string one_line(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7f)
      result += {'\\', 'x', digits[code >> 4], digits[code & 15]};
    else
      result += c;
  }
  return result;
}

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 200;
  return one_line(text.substr(0, longest)) + (text.size() > longest ? "..." : "");
}

}  // namespace salient::detail
