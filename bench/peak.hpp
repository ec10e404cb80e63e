// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace bench {

/// GFLOP/s of `threads` threads that execute only fused multiply-adds of float32 in registers, with the
/// widest vectors of this processor; a multiply-add counts as two operations. The best of several runs,
/// because disturbances can only slow a run down. Takes about 0.2 s.
double measured_peak(int threads);

/// The instruction set used for the measurement, in Highway's terms: "AVX3", "AVX2", "SSE4", ...
std::string peak_instruction_set();

}  // namespace bench
