// SPDX-License-Identifier: MIT
#pragma once

namespace salient {

/// Flushes subnormal numbers (below 1.2e-38 in float, 2.2e-308 in double) to zero in the calling thread, as
/// operands and as results, while an object lives. The destructor restores the thread's mode.
///
/// Arithmetic on subnormal numbers is about a hundred times slower. Does nothing on a processor without such
/// a mode, or one that always flushes.
class flush_denormals {
 public:
  flush_denormals() noexcept;
  ~flush_denormals();
  flush_denormals(const flush_denormals&) = delete;
  flush_denormals& operator=(const flush_denormals&) = delete;

 private:
  unsigned long before_;  ///< control register at construction
};

}  // namespace salient
