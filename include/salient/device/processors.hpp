// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "salient/core/export.hpp"
#include "salient/core/standard_library.hpp"

namespace salient {

/// How many threads of this process can run at once: the processors in the calling thread's affinity mask,
/// limited by the CPU quotas (rounded up) of the process's cgroup and its ancestors, version 1 or 2. At least
/// 1. What cannot be read is not a limit.
///
/// `root` is where /proc and the mounted cgroups are looked for, for tests.
SALIENT_EXPORT int available_processors(const std::filesystem::path& root = "/");

}  // namespace salient
