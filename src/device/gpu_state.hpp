// SPDX-License-Identifier: MIT
#pragma once

// What a `gpu` is to CUDA. Only sources that are compiled where there is a CUDA toolkit include this.

#include <cstddef>
#include <cuda_runtime_api.h>
#include <new>
#include <string>

#include "device/block_cache.hpp"
#include "salient/device/gpu.hpp"

namespace salient {

/// "GPU 0: copying from it: CUDA says 'an illegal memory access was encountered'; ..." and what to do about
/// it.
std::string cuda_message(int number, const std::string& doing, cudaError_t failure);

/// Throws that as salient::error if it failed.
void check_cuda(int number, const char* doing, cudaError_t outcome);

/// Makes a device CUDA's current one for this scope, and leaves the thread as it was found.
class current_device {
 public:
  explicit current_device(int number) { check_cuda(number, "turning to it", turn_to(number)); }
  /// For what has to go on if that fails.
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

/// The device's own memory.
struct cuda_memory {
  int number;

  void* take(std::size_t bytes) const;
  void give(void* block) const noexcept;
};

struct gpu::state {
  int number;
  cudaDeviceProp properties;
  cudaStream_t stream;
  block_cache<cuda_memory> memory;

  explicit state(int number);
  ~state();
};

}  // namespace salient
