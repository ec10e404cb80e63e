// SPDX-License-Identifier: MIT
#pragma once

// The GPU part of portable.hpp; compiled by nvcc only.

#include <algorithm>

#include "device/gpu_state.hpp"

#define EIGEN_USE_GPU

// Eigen checks kernel launches with assertions, which abort in debug builds and check nothing in release
// builds. `enqueue` checks launches instead.
#define gpu_assert(condition) static_cast<void>(0)

// Eigen sets the bank width of shared memory before every product. GPUs since compute capability 3 have only
// one, and the function is deprecated.
#define cudaDeviceSetSharedMemConfig(config) cudaSuccess

namespace salient::kernel {

/// Calls launch(state) on the device and throws if CUDA reports a launch error.
template <class F>
void enqueue(const gpu& device, const F& launch) {
  const gpu::state& s = device.handle();
  const current_device on(s.number);
  launch(s);
  check_cuda(s.number, "starting a kernel", cudaGetLastError());
}

template <class F>
__global__ void call_each(long count, const F item) {
  const long all = static_cast<long>(gridDim.x) * blockDim.x;
  for (long i = static_cast<long>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += all) item(i);
}

/// for_each of portable.hpp with one thread for each item.
template <class F>
void for_each(const gpu& device, long count, double, const F& item) {
  if (count <= 0) return;
  constexpr long threads = 256, most_blocks = 1L << 30;
  const auto blocks = static_cast<unsigned>(std::min((count + threads - 1) / threads, most_blocks));
  enqueue(device, [&](const gpu::state& s) { call_each<<<blocks, threads, 0, s.stream()>>>(count, item); });
}

/// The members of a block.
struct block_team {
  __device__ int lane() const { return static_cast<int>(threadIdx.x); }
  __device__ int size() const { return static_cast<int>(blockDim.x); }
  __device__ void wait() const { __syncthreads(); }
};

template <class F>
__global__ void call_teams(const F item) {
  item(block_team{}, static_cast<long>(blockIdx.x));
}

/// for_each_team of portable.hpp with one block for each item.
template <class F>
void for_each_team(const gpu& device, long count, double, const F& item) {
  if (count <= 0) return;
  enqueue(device, [&](const gpu::state& s) {
    call_teams<<<static_cast<unsigned>(count), 128, 0, s.stream()>>>(item);
  });
}

}  // namespace salient::kernel
