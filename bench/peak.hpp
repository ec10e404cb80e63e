// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace bench {

/// GFLOP/s that `threads` threads reach together when they do nothing but fused multiply-adds of float32 on
/// registers, with the widest vectors that this processor has: a multiply-add counts as two. Measured now, as
/// the best of some runs, for whatever disturbs one can only make it slower. Takes about 0.2 s.
double measured_peak(int threads);

/// The instruction set that was measured, as Highway calls it: "AVX3", "AVX2", "SSE4", ...
std::string peak_instruction_set();

}  // namespace bench
