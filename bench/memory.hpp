// SPDX-License-Identifier: MIT
#pragma once

#include <fstream>
#include <malloc.h>
#include <string>

namespace bench {

/// Mebibytes of this process, by their name in /proc/self/status: VmRSS, VmHWM.
inline double process_memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1)) / 1024;
  return 0;
}

/// The most memory that the process has had resident since this was made, above what it had then.
class memory_watch {
 public:
  memory_watch() {
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << 5;  // the peak becomes what is resident now
    before_ = process_memory("VmRSS");
  }
  double peak_mebibytes() const { return process_memory("VmHWM") - before_; }

 private:
  double before_;
};

}  // namespace bench
