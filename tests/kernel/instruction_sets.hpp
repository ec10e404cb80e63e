// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace salient::kernel {

/// Runs test() once for each instruction set that the machine has and the direct kernels were compiled for.
template <class F>
void by_each_instruction_set(const F& test) {
  struct restore {
    ~restore() { hwy::SetSupportedTargetsForTest(0); }
  } afterwards;
  for (std::int64_t sets = hwy::SupportedTargets() & (HWY_TARGETS); sets != 0; sets &= sets - 1) {
    const std::int64_t set = sets & -sets;
    SCOPED_TRACE(hwy::TargetName(set));
    hwy::SetSupportedTargetsForTest(set);
    test();
    hwy::SetSupportedTargetsForTest(0);
  }
}

}  // namespace salient::kernel
