// SPDX-License-Identifier: MIT
#include "explainer/class_labels.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "explainer/text_lines.hpp"
#include "salient/core/error.hpp"

namespace salient::explainer {
namespace {

std::string plain(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// Whether the label, or one of its parts between commas, is the name.
bool means(const std::string& label, const std::string& name) {
  if (plain(label) == name) return true;
  for (std::size_t first = 0, end = 0; end != std::string::npos; first = end + 1) {
    end = label.find(',', first);
    if (plain(std::string_view(label).substr(first, end - first)) == name) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> read_labels(const std::filesystem::path& file, int classes) {
  std::vector<std::string> labels = text_lines(file);
  while (!labels.empty() && labels.back().empty()) labels.pop_back();
  const auto wanted = static_cast<std::size_t>(classes);
  if (labels.size() == wanted + 1 && plain(labels.front()) == "background") labels.erase(labels.begin());
  if (labels.size() != wanted)
    throw error(file.string() + ": has " + std::to_string(labels.size()) + " names, and the network has " +
                std::to_string(classes) +
                " classes; give one name on each line, in the order of the classes");
  return labels;
}

const std::string& class_labels::label(int c) const {
  static const std::string none;
  return labels_.empty() ? none : labels_[static_cast<std::size_t>(c)];
}

std::string class_labels::text(int c) const {
  return std::to_string(c) + (label(c).empty() ? "" : " " + label(c));
}

int class_labels::find(const std::string& wanted) const {
  int number = 0;
  const auto [rest, failure] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
  if (rest == wanted.data() + wanted.size() && !wanted.empty()) {
    if (failure == std::errc() && number >= 0 && number < classes_) return number;
    throw error("class " + wanted + " is out of range; the network has classes 0 to " +
                std::to_string(classes_ - 1));
  }
  std::vector<int> found;
  for (int c = 0; c < static_cast<int>(labels_.size()); ++c)
    if (means(labels_[static_cast<std::size_t>(c)], plain(wanted))) found.push_back(c);
  if (found.size() == 1) return found[0];
  if (labels_.empty())
    throw error("class '" + wanted +
                "' has to be a number; the classes have no names, which --labels can give");
  if (found.empty())
    throw error("there is no class '" + wanted + "'; give a name of the labels, or a number");
  throw error("several classes are called '" + wanted + "', " + text(found[0]) + " and " + text(found[1]) +
              "; give a number");
}

}  // namespace salient::explainer
