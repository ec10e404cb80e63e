// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace salient {

/// Whose kernels compute float32 on a processor.
enum class implementation {
  direct,  ///< the library's own, for the best instruction set that the processor has
  eigen,   ///< Eigen's, as on every other device and in float64; the reference for the others
};

/// The calling thread. Any number of threads may use one object.
///
/// On every CPU kernels take subnormal numbers (below 1.2e-38 in float, 2.2e-308 in double) for zero, as
/// operands and as results: arithmetic with them is some hundred times as slow. The thread's own mode is
/// restored after each kernel.
class cpu {
 public:
  static constexpr std::string_view name = "cpu";

  cpu() = default;
  explicit cpu(implementation kernels) : kernels_(kernels) {}

  implementation kernels() const { return kernels_; }

 private:
  implementation kernels_ = implementation::direct;
};

/// A pool of threads, the calling one among them. One pool may serve several callers at a time.
///
/// fork() takes no other thread along. In a child process a pool that the parent made works on the calling
/// thread alone, with the same results; a pool that the child makes has its threads. A child that is forked
/// while its thread works for a pool may not finish that work: `run` throws salient::error there.
class cpu_pool {
 public:
  static constexpr std::string_view name = "cpu_pool";

  /// `threads` working at once, the caller included; 0 means one for each processor that this process may
  /// use, as its affinity mask and the CPU quota of its cgroup say. Throws salient::error for a negative
  /// number, one above 1024, or more than the system grants.
  explicit cpu_pool(int threads = 0, implementation kernels = implementation::direct);
  ~cpu_pool();
  cpu_pool(cpu_pool&&) noexcept;
  cpu_pool& operator=(cpu_pool&&) noexcept;

  int threads() const { return threads_; }
  implementation kernels() const { return kernels_; }

  /// Calls `part(context, i)` for i in [0, parts) and returns when all are done; rethrows the first
  /// exception. Allocates nothing. Subnormal numbers count as zero meanwhile.
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
