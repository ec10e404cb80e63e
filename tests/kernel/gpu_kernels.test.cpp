// SPDX-License-Identifier: MIT
// label: cuda
// label: unsanitized

// Kernels on a GPU, with every epilogue, against the CPU's. The tests' arrays lie in host memory that the GPU
// reads and writes in place, so that the same tests run on the host: host_threads.test.cpp.
#include <cstddef>
#include <cstdlib>
#include <cuda_runtime_api.h>
#include <mutex>
#include <new>

#include <gtest/gtest.h>

#include "kernel/alike.hpp"
#include "laws/devices.hpp"
#include "salient/device/gpu.hpp"
#include "salient/device/memory.hpp"

namespace salient::kernel {
namespace {

/// Page-locked memory, from which all of the program's objects come while it is `open`.
class shared_memory {
 public:
  void open() {
    if (!first_) {
      void* all = nullptr;
      ASSERT_EQ(cudaHostAlloc(&all, size, cudaHostAllocMapped | cudaHostAllocPortable), cudaSuccess);
      first_ = next_ = static_cast<std::byte*>(all);
    }
    open_ = true;
  }
  void close() { open_ = false; }

  void* take(std::size_t bytes) {
    const std::lock_guard guard(lock_);
    if (!open_) return std::malloc(bytes);
    int power = 6;
    while (std::size_t{1} << power < bytes) ++power;
    if (free_block*& free = free_[power]) {
      void* const block = free;
      free = free->next;
      return block;
    }
    const std::size_t whole = header + (std::size_t{1} << power);
    if (whole > static_cast<std::size_t>(first_ + size - next_)) return nullptr;
    std::byte* const block = next_ + header;
    *reinterpret_cast<int*>(next_) = power;
    next_ += whole;
    return block;
  }
  void give(void* block) noexcept {
    const std::lock_guard guard(lock_);
    auto* const at = static_cast<std::byte*>(block);
    if (!first_ || at < first_ || at >= first_ + size) return std::free(block);
    free_block*& free = free_[*reinterpret_cast<int*>(at - header)];
    free = new (block) free_block{free};
  }

 private:
  static constexpr std::size_t size = 256 << 20, header = 64;  // blocks begin at whole cache lines
  struct free_block {
    free_block* next;
  };
  std::mutex lock_;
  std::byte *first_ = nullptr, *next_ = nullptr;
  bool open_ = false;
  free_block* free_[40] = {};  ///< by the power of 2 that is the size
};

constinit shared_memory memory;

}  // namespace
}  // namespace salient::kernel

void* operator new(std::size_t bytes) {
  if (void* const block = salient::kernel::memory.take(bytes)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept { salient::kernel::memory.give(block); }
void operator delete(void* block, std::size_t) noexcept { salient::kernel::memory.give(block); }

namespace salient::kernel {
namespace {

template <class F>
void in_shared_memory(const F& check) {
  memory.open();
  check(*laws::tested_gpu());
  memory.close();
}

TEST_ON_GPU(gpu_kernels, write_results_and_masks) {
  in_shared_memory([](const gpu& card) { alike::write_results_and_masks(card); });
}
TEST_ON_GPU(gpu_kernels, pool) {
  in_shared_memory([](const gpu& card) { alike::pool(card); });
}
TEST_ON_GPU(gpu_kernels, convolve_depthwise) {
  in_shared_memory([](const gpu& card) { alike::convolve_depthwise(card); });
}
TEST_ON_GPU(gpu_kernels, sum_over_positions) {
  in_shared_memory([](const gpu& card) { alike::sum_over_positions(card); });
}
TEST_ON_GPU(gpu_kernels, sum_a_large_map) {
  in_shared_memory([](const gpu& card) { alike::sum_a_large_map(card); });
}
TEST_ON_GPU(gpu_kernels, normalise_rows) {
  in_shared_memory([](const gpu& card) { alike::normalise_rows(card); });
}
TEST_ON_GPU(gpu_kernels, move_channels) {
  in_shared_memory([](const gpu& card) { alike::move_channels(card); });
}
TEST_ON_GPU(gpu_kernels, meet_the_first_bend) {
  in_shared_memory([](const gpu& card) { alike::meet_the_first_bend(card); });
}
TEST_ON_GPU(gpu_kernels, walk_lines_and_add_up_rows) {
  in_shared_memory([](const gpu& card) { alike::walk_lines_and_add_up_rows(card); });
}

}  // namespace
}  // namespace salient::kernel
