// SPDX-License-Identifier: MIT
#pragma once

// Eigen's Tensor module, and the Eigen device that corresponds to one of ours.

// clang-format off
#include "kernel/portable.hpp"  // first: it tells Eigen whether this is compiled for the GPU
// clang-format on
#include <unsupported/Eigen/CXX11/Tensor>

#include "device/thread_memory.hpp"
#include "salient/device/memory.hpp"

namespace salient::kernel {

/// Calls f(Eigen's device). Work has already been split among a pool's threads.
template <class D, class F>
void on_eigen(const D&, const F& f) {
  f(Eigen::DefaultDevice{});
}

/// Eigen::DefaultDevice, except that contractions pack blocks into thread memory instead of allocating.
struct reusing_device : Eigen::DefaultDevice {
  void* allocate(std::size_t bytes) const { return borrow_thread_memory(bytes); }
  void deallocate(void* block) const { return_thread_memory(block); }
};

/// The same for contractions.
template <class D, class F>
void on_contracting_eigen(const D&, const F& f) {
  f(reusing_device{});
}

#ifdef EIGEN_USE_GPU
/// A gpu's stream and memory behind Eigen's interface.
struct eigen_stream : Eigen::StreamInterface {
  const gpu& device;
  cudaStream_t current;

  explicit eigen_stream(const gpu& device) : device(device), current(device.handle().stream()) {}
  const cudaStream_t& stream() const override { return current; }
  const cudaDeviceProp& deviceProperties() const override { return device.handle().properties; }
  void* allocate(std::size_t bytes) const override { return salient::allocate(device, bytes); }
  void deallocate(void* block) const override { release(device, block); }
  // Needed only by reductions of a whole tensor, which no kernel has.
  void* scratchpad() const override { return nullptr; }
  unsigned* semaphore() const override { return nullptr; }
};

template <class F>
void on_eigen(const gpu& device, const F& f) {
  const eigen_stream stream(device);
  enqueue(device, [&](const gpu::state&) { f(Eigen::GpuDevice(&stream)); });
}

template <class F>
void on_contracting_eigen(const gpu& device, const F& f) {
  on_eigen(device, f);
}
#endif

}  // namespace salient::kernel
