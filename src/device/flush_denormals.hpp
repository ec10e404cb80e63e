// SPDX-License-Identifier: MIT
#pragma once

namespace salient {

/// While an object lives, subnormal numbers (below 1.2e-38 in float, 2.2e-308 in double) count as zero in
/// what the calling thread computes, as operands and as results; afterwards the thread's mode is as it was.
///
/// Arithmetic with them takes processors some hundred times as long. Does nothing where a processor has no
/// such mode, or flushes anyway.
class flush_denormals {
 public:
  flush_denormals() noexcept;
  ~flush_denormals();
  flush_denormals(const flush_denormals&) = delete;
  flush_denormals& operator=(const flush_denormals&) = delete;

 private:
  unsigned long before_;  ///< the control register
};

}  // namespace salient
