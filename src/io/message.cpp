// SPDX-License-Identifier: MIT
#include "io/message.hpp"

#include "salient/core/error.hpp"

namespace salient::detail {
namespace {

std::string about(const std::filesystem::path& path, const std::string& what) {
  return (path.empty() ? "(no file name)" : one_line(path.string())) + ": " + what;
}

}  // namespace

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
