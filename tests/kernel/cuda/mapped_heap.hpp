// SPDX-License-Identifier: MIT
#pragma once

// A heap that the GPU can read and write: so tests of kernels, whose operands are vectors, run on it as they
// do on a CPU. It replaces operator new, so exactly one source of a program includes it.

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <cuda_runtime_api.h>
#include <mutex>
#include <new>

namespace salient::kernel {

/// While one exists, operator new takes memory from a gibibyte that host and GPU see at the same addresses.
class mapped_heap {
  /// A piece of memory: `bytes` is a power of two and includes this header.
  struct alignas(64) piece {
    std::size_t bytes;
    piece* next;
  };
  static constexpr std::size_t size = std::size_t{1} << 30;
  static inline std::byte* block = nullptr;
  static inline std::size_t used = 0;
  static inline std::array<piece*, 64> released{};  ///< by the logarithm of their bytes
  static inline std::mutex lock;
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
    const std::lock_guard hold(lock);
    const std::size_t whole = std::bit_ceil(bytes + sizeof(piece));
    piece*& list = released[static_cast<std::size_t>(std::countr_zero(whole))];
    piece* found = list;
    if (found) {
      list = found->next;
    } else if (whole <= size - used) {
      found = new (block + used) piece{whole, nullptr};
      used += whole;
    } else {
      throw std::bad_alloc();
    }
    return found + 1;
  }
  static void give(void* at) noexcept {
    if (!block || at < block || at >= block + size) return std::free(at);
    const std::lock_guard hold(lock);
    piece* const own = static_cast<piece*>(at) - 1;
    piece*& list = released[static_cast<std::size_t>(std::countr_zero(own->bytes))];
    own->next = list;
    list = own;
  }
};

}  // namespace salient::kernel

void* operator new(std::size_t bytes) { return salient::kernel::mapped_heap::take(bytes); }
void operator delete(void* at) noexcept { salient::kernel::mapped_heap::give(at); }
void operator delete(void* at, std::size_t) noexcept { salient::kernel::mapped_heap::give(at); }
