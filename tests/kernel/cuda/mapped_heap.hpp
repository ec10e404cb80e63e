// SPDX-License-Identifier: MIT
#pragma once

// A heap that the GPU can read and write: so tests of kernels, whose operands are vectors, run on it as they
// do on a CPU. It replaces operator new, so exactly one source of a program includes it.

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cuda_runtime_api.h>
#include <new>

namespace salient::kernel {

/// While one exists, operator new takes memory from a block that host and GPU see at the same addresses. The
/// block is given back only when the program ends.
class mapped_heap {
  static constexpr std::size_t size = std::size_t{1} << 30;
  static inline std::byte* block = nullptr;
  static inline std::atomic<std::size_t> used = 0;
  static inline std::atomic<bool> active = false;

 public:
  mapped_heap() {
    void* start = nullptr;
    if (!block && cudaHostAlloc(&start, size, cudaHostAllocMapped) != cudaSuccess) throw std::bad_alloc();
    if (!block) block = static_cast<std::byte*>(start);
    active = true;
  }
  ~mapped_heap() { active = false; }
  mapped_heap(const mapped_heap&) = delete;
  mapped_heap& operator=(const mapped_heap&) = delete;

  static void* take(std::size_t bytes) {
    if (!active) {
      void* const found = std::malloc(bytes == 0 ? 1 : bytes);
      return found ? found : throw std::bad_alloc();
    }
    const std::size_t first = used.fetch_add((bytes + 63) / 64 * 64);
    if (first + bytes <= size) return block + first;
    std::fputs("the heap for the GPU is full\n", stderr);
    std::abort();
  }
  static void give(void* at) noexcept {
    if (!block || at < block || at >= block + size) std::free(at);
  }
};

}  // namespace salient::kernel

void* operator new(std::size_t bytes) { return salient::kernel::mapped_heap::take(bytes); }
void operator delete(void* at) noexcept { salient::kernel::mapped_heap::give(at); }
void operator delete(void* at, std::size_t) noexcept { salient::kernel::mapped_heap::give(at); }
