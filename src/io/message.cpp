// SPDX-License-Identifier: MIT
#include "io/message.hpp"

#include <cstddef>

#include "salient/core/error.hpp"

namespace salient::detail {
namespace {

constexpr std::size_t longest = 200;

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

std::string about(const std::filesystem::path& path, const std::string& what) {
  return (path.empty() ? "(no file name)" : one_line(path.string())) + ": " + what;
}

}  // namespace

std::string printable(std::string_view text) {
  return one_line(text.substr(0, longest)) + (text.size() > longest ? "..." : "");
}

std::string in_quotes(std::string_view text) { return '"' + printable(text) + '"'; }

std::string dimensions_text(std::span<const long> dimensions) {
  if (dimensions.empty()) return "a scalar";
  std::string result;
  for (const long d : dimensions) {
    if (!result.empty()) result += 'x';
    result += std::to_string(d);
  }
  return printable(result);
}

void warn(const warning_handler& handler, const std::filesystem::path& path, const std::string& what) {
  if (handler) handler(about(path, what));
}

void fail(const std::filesystem::path& path, const std::string& what) { throw error(about(path, what)); }

}  // namespace salient::detail
