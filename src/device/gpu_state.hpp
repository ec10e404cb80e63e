// SPDX-License-Identifier: MIT
#pragma once

// The CUDA state of a `gpu`. Only sources that are compiled with the CUDA toolkit include this.

#include <cstddef>
#include <cuda_runtime_api.h>
#include <new>
#include <string>

#include "device/block_cache.hpp"
#include "salient/device/gpu.hpp"

namespace salient {

/// The message of a CUDA error with advice: "GPU 0: copying from it: CUDA says 'an illegal memory access was
/// encountered'; ...".
std::string cuda_message(int number, const std::string& doing, cudaError_t failure);

/// Throws this message as salient::error if `outcome` is a failure.
void check_cuda(int number, const char* doing, cudaError_t outcome);

/// Makes a device CUDA's current one for this scope; restores the previous one.
class current_device {
 public:
  explicit current_device(int number) { check_cuda(number, "selecting it", turn_to(number)); }
  /// Ignores a failure, for code that must not throw.
  current_device(int number, std::nothrow_t) noexcept { turn_to(number); }
  ~current_device() {
    if (moved_) cudaSetDevice(before_);
  }
  current_device(const current_device&) = delete;
  current_device& operator=(const current_device&) = delete;

 private:
  cudaError_t turn_to(int number) noexcept {
    if (cudaGetDevice(&before_) == cudaSuccess && before_ == number) return cudaSuccess;
    const cudaError_t outcome = cudaSetDevice(number);
    moved_ = outcome == cudaSuccess;
    return outcome;
  }

  int before_ = 0;
  bool moved_ = false;
};

/// The source of a block_cache: device memory.
struct cuda_memory {
  int number;

  void* take(std::size_t bytes) const;
  void give(void* block) const noexcept;
};

struct gpu::state {
  int number;
  precision arithmetic;
  implementation kernels;
  cudaDeviceProp properties;
  block_cache<cuda_memory> memory;

  state(int number, precision, implementation);
  ~state();

  /// Where the calling thread's work goes: the GPU's stream or, while the thread records, the recording's.
  cudaStream_t stream() const;

 private:
  cudaStream_t own_;
};

/// While it exists, what the calling thread enqueues on a gpu goes to another stream, which records it.
class recording_on {
 public:
  recording_on(const gpu::state&, cudaStream_t);
  ~recording_on();
  recording_on(const recording_on&) = delete;
  recording_on& operator=(const recording_on&) = delete;
};

/// Throws salient::error if the calling thread records: `doing` cannot be part of a recording.
void check_not_recording(const gpu::state&, const char* doing);

}  // namespace salient
