// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace salient {

/// How many threads of this process can run at a time: one for each processor in the calling thread's
/// affinity mask, but no more than the CPU quotas (rounded up) of the process's cgroup and of those above it,
/// version 1 or 2. At least 1. What cannot be read limits nothing.
///
/// `root` is where /proc and the mounted cgroups are looked for, for tests.
int available_processors(const std::filesystem::path& root = "/");

}  // namespace salient
