// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

#include "salient/core/standard_library.hpp"

namespace salient::explainer {

/// Reports the progress of a long task on stderr. Silent for the first two seconds; then one line that is
/// overwritten on a terminal, or a new line now and then elsewhere.
class progress {
 public:
  progress();
  ~progress() { clear(); }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Reports that `part` of `parts` of `task` are done.
  void show(const std::string& task, long part, long parts);
  /// Erases the progress line, so that something else can be printed.
  void clear();

 private:
  using clock = std::chrono::steady_clock;
  bool terminal_;
  clock::time_point start_ = clock::now();
  clock::time_point shown_{};
  std::size_t width_ = 0;
};

}  // namespace salient::explainer
