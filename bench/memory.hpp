// SPDX-License-Identifier: MIT
#pragma once

#include <fstream>
#include <malloc.h>
#include <string>

namespace bench {

/// An entry of /proc/self/status, such as VmRSS or VmHWM, in MiB.
inline double process_memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1)) / 1024;
  return 0;
}

/// Measures how much the process's resident memory has risen, at its peak, since the watch was made.
class memory_watch {
 public:
  memory_watch() {
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << 5;  // resets VmHWM to the current VmRSS
    before_ = process_memory("VmRSS");
  }
  double peak_mebibytes() const { return process_memory("VmHWM") - before_; }

 private:
  double before_;
};

}  // namespace bench
