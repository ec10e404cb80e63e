// SPDX-License-Identifier: MIT
#pragma once

// What the generators of tests share: import a model, and write tests of several into one source.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "import/write.hpp"

namespace import_test {

/// The network of a model, in the order in which it is written; or what is refused, as sentences.
importer::network imported(const salient::onnx::model& m, const importer::wishes& w = {});

/// The header without its guard, so that several can stand in one source.
std::string declaration_of(const importer::network& n, const salient::onnx::model& m,
                           const importer::declaration& d);

/// Sources OUT/STEM_0.cpp, OUT/STEM_1.cpp, ...; tests are dealt out in turn.
class sources {
 public:
  /// Each source begins with `head`.
  sources(std::size_t count, const std::string& head) : texts_(count, head) {}
  void add(const std::string& text) { texts_[next_++ % texts_.size()] += text; }
  void write(const std::filesystem::path& out, const std::string& stem) const;

 private:
  std::vector<std::string> texts_;
  std::size_t next_ = 0;
};

}  // namespace import_test
