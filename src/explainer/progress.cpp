// SPDX-License-Identifier: MIT
#include "salient/explainer/progress.hpp"

#include <iostream>
#include <unistd.h>

namespace salient::explainer {

progress::progress() : terminal_(isatty(STDERR_FILENO) == 1) {}

void progress::show(const std::string& task, long part, long parts) {
  using namespace std::chrono_literals;
  const auto now = clock::now();
  if (now - start_ < 2s || now - shown_ < (terminal_ ? 100ms : 5000ms)) return;
  shown_ = now;
  const std::string line = task + " " + std::to_string(part) + "/" + std::to_string(parts);
  if (!terminal_) {
    std::cerr << line << std::endl;
    return;
  }
  clear();
  std::cerr << line << std::flush;
  width_ = line.size();
}

void progress::clear() {
  if (width_ > 0) std::cerr << '\r' << std::string(width_, ' ') << '\r' << std::flush;
  width_ = 0;
}

}  // namespace salient::explainer
