// SPDX-License-Identifier: MIT
#include "explainer/text_lines.hpp"

#include <algorithm>
#include <sstream>

#include "salient/core/error.hpp"
#include "salient/io/file.hpp"

namespace salient::explainer {

std::vector<std::string> text_lines(const std::filesystem::path& file) {
  constexpr std::size_t longest = std::size_t{1} << 28;  // millions of paths
  const auto bytes = input_file(file).read_up_to(longest + 1);
  const auto is_no_text = [](std::uint8_t b) { return b < ' ' && b != '\n' && b != '\r' && b != '\t'; };
  if (bytes.size() > longest || std::ranges::any_of(bytes, is_no_text))
    throw error(file.string() + ": is not a text file of lines; give one name on each line");
  std::string all(bytes.begin(), bytes.end());
  if (all.starts_with("\xEF\xBB\xBF")) all.erase(0, 3);
  std::istringstream text(all);
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    lines.push_back(line);
  }
  return lines;
}

}  // namespace salient::explainer
