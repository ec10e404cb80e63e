// SPDX-License-Identifier: MIT
#include "salient/device/processors.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>
#include <sched.h>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace salient {
namespace {

namespace fs = std::filesystem;

/// Bits set in the calling thread's affinity mask; 0 if it cannot be read.
int processors_in_mask() {
#if defined(__linux__)
  // The mask grows until it fits: the call fails if it is too small for the machine.
  std::vector<cpu_set_t> mask(1);
  while (sched_getaffinity(0, mask.size() * sizeof(cpu_set_t), mask.data()) != 0) {
    if (mask.size() >= 64) return 0;
    mask.resize(2 * mask.size());
  }
  return CPU_COUNT_S(mask.size() * sizeof(cpu_set_t), mask.data());
#else
  return 0;
#endif
}

/// Whether `word` is an item of a comma-separated list.
bool lists(std::string_view list, std::string_view word) {
  while (true) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == word) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

/// Where a cgroup hierarchy is mounted, and the group that is its root there.
struct hierarchy {
  bool second;  ///< cgroup version 2
  fs::path mount, top;
};

/// All mounted hierarchies that may hold CPU quotas. A line of mountinfo reads "36 35 98:0 /top /mount
/// options ... - type source options".
std::vector<hierarchy> hierarchies(const fs::path& root) {
  std::vector<hierarchy> result;
  std::ifstream lines(root / "proc/self/mountinfo");
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word, top, mount, type;
    words >> word >> word >> word >> top >> mount;
    while (words >> word && word != "-") continue;
    words >> type;
    if (type == "cgroup2" || type == "cgroup") result.push_back({type == "cgroup2", mount, top});
  }
  return result;
}

/// The process's group in a hierarchy, as a path from the hierarchy's true root, or nothing. A line of the
/// file reads "4:cpu,cpuacct:/group", in version 2 "0::/group".
std::optional<fs::path> group_of_process(const fs::path& root, bool second) {
  std::ifstream lines(root / "proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':'), last = line.find(':', first + 1);
    if (last == std::string::npos) continue;
    const std::string_view controllers = std::string_view(line).substr(first + 1, last - first - 1);
    if (second ? controllers.empty() : lists(controllers, "cpu")) return line.substr(last + 1);
  }
  return {};
}

/// The number of processors of a group's quota; nothing without a quota.
std::optional<double> quota(const fs::path& group, bool second) {
  double time = 0, period = 0;
  if (second) {
    std::ifstream(group / "cpu.max") >> time >> period;  // "150000 100000", or "max 100000"
  } else {
    std::ifstream(group / "cpu.cfs_quota_us") >> time;  // -1 for none
    std::ifstream(group / "cpu.cfs_period_us") >> period;
  }
  if (!(time > 0 && period > 0)) return {};
  return time / period;
}

}  // namespace

int available_processors(const fs::path& root) {
  int most = processors_in_mask();
  if (most < 1) most = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  for (const hierarchy& h : hierarchies(root)) {
    const auto own = group_of_process(root, h.second);
    if (!own) continue;
    const fs::path mount = root / h.mount.relative_path();
    // From the group up to the mounted root. A container may see only its own group, mounted as the root,
    // without knowing its name; then the first path does not exist.
    for (fs::path rest = own->lexically_relative(h.top);; rest = rest.parent_path()) {
      if (const auto granted = quota(mount / rest, h.second))
        most = std::clamp(static_cast<int>(std::ceil(std::min(*granted, 1e6))), 1, most);
      if (rest.empty()) break;
    }
  }
  return most;
}

}  // namespace salient
