// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace apps {

/// Says on stderr how far a long task is: nothing before two seconds have passed, then one line that is
/// written over where stderr is a terminal, and a line now and then where it is not.
class progress {
 public:
  progress();
  ~progress() { clear(); }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// `part` of `parts` of `task` are done.
  void show(const std::string& task, long part, long parts);
  /// Wipes the line away, so that something else can be printed.
  void clear();

 private:
  using clock = std::chrono::steady_clock;
  bool terminal_;
  clock::time_point start_ = clock::now();
  clock::time_point shown_{};
  std::size_t width_ = 0;
};

}  // namespace apps
