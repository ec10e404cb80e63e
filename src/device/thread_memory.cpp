// SPDX-License-Identifier: MIT
#include "device/thread_memory.hpp"

#include <algorithm>

#include "salient/device/memory.hpp"

namespace salient {
namespace {

/// Most of what Eigen packs of two matrices at a time, which it bounds by the processor's caches. Only what
/// is used is ever resident; a larger request is granted and remembered.
constexpr std::size_t usual = std::size_t{4} << 20;

struct thread_memory {
  void* block = nullptr;
  std::size_t size = 0;
  bool borrowed = false;

  ~thread_memory() {
    if (block) release(cpu{}, block);
  }
};

thread_local thread_memory memory;

}  // namespace

void* borrow_thread_memory(std::size_t bytes) {
  if (memory.borrowed) return allocate(cpu{}, bytes);
  if (bytes > memory.size || !memory.block) {
    const std::size_t size = std::max(bytes, usual);
    void* const larger = allocate(cpu{}, size);
    if (memory.block) release(cpu{}, memory.block);
    memory.block = larger;
    memory.size = size;
  }
  memory.borrowed = true;
  return memory.block;
}

void return_thread_memory(void* block) noexcept {
  if (block == memory.block)
    memory.borrowed = false;
  else
    release(cpu{}, block);
}

}  // namespace salient
