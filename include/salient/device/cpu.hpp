// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "salient/core/export.hpp"
#include "salient/device/implementation.hpp"

namespace salient {

/// The calling thread. Thread-safe: any number of threads may share one object.
///
/// On every CPU, kernels flush subnormal numbers (below 1.2e-38 in float, 2.2e-308 in double) to zero, as
/// operands and as results: arithmetic on them is about a hundred times slower. The thread's own mode is
/// restored after each kernel.
class SALIENT_EXPORT cpu {
 public:
  static constexpr std::string_view name = "cpu";

  cpu() = default;
  explicit cpu(implementation kernels) : kernels_(kernels) {}

  implementation kernels() const { return kernels_; }

 private:
  implementation kernels_ = implementation::fastest;
};

/// A pool of threads that includes the calling one. Several callers may share one pool.
///
/// fork() copies only the calling thread. In a child process, a pool of the parent runs on the calling thread
/// alone, with the same results; a pool made by the child has its own threads. A child that was forked while
/// its thread worked for a pool cannot finish that work: `run` throws salient::error there.
class SALIENT_EXPORT cpu_pool {
 public:
  static constexpr std::string_view name = "cpu_pool";

  /// A pool of `threads` threads, including the caller. 0 means one for each processor that this process may
  /// use, by its affinity mask and its cgroup's CPU quota. Throws salient::error if the number is negative,
  /// above 1024, or more than the system grants.
  explicit cpu_pool(int threads = 0, implementation kernels = implementation::fastest);
  ~cpu_pool();
  cpu_pool(cpu_pool&&) noexcept;
  cpu_pool& operator=(cpu_pool&&) noexcept;

  int threads() const { return threads_; }
  implementation kernels() const { return kernels_; }

  /// Calls `part(context, i)` for i in [0, parts) and returns when all calls have returned; rethrows the
  /// first exception. Allocates nothing. Subnormal numbers are flushed to zero meanwhile.
  void run(int parts, void (*part)(void* context, int index), void* context) const;

 private:
  struct workers;
  struct stop {
    void operator()(workers*) const noexcept;
  };
  int threads_;
  implementation kernels_;
  std::unique_ptr<workers, stop> workers_;
};

}  // namespace salient
