// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace salient::explainer {

/// Reads a file with one name on each line. A first line "background", which TensorFlow's lists have, is
/// skipped if there is one line too many. Throws salient::error for a wrong number of lines, or for what is
/// no text.
std::vector<std::string> read_labels(const std::filesystem::path& file, int classes);

/// The names of a network's classes; without a file they have none.
class class_labels {
 public:
  explicit class_labels(int classes) : classes_(classes) {}
  class_labels(const std::filesystem::path& file, int classes)
      : classes_(classes), labels_(read_labels(file, classes)) {}

  /// Empty without names.
  const std::string& label(int c) const;
  /// "281 tabby", or "281".
  std::string text(int c) const;
  /// The class with this number or name. Capitals do not matter, and of a name such as "tabby, tabby cat" one
  /// part is enough. Throws salient::error if there is none, or several.
  int find(const std::string& wanted) const;

 private:
  int classes_;
  std::vector<std::string> labels_;
};

}  // namespace salient::explainer
