// SPDX-License-Identifier: MIT
#include "device/thread_memory.hpp"

#include <algorithm>

#include "salient/device/memory.hpp"

namespace salient {
namespace {

/// Usual block size. Eigen packs less than this of two matrices at a time, limited by the processor's caches.
/// A convolution needs less for a panel of weights and windows at the edge, unless kernels exceed 9x9 with
/// hundreds of channels. Untouched pages take no memory; a larger request is granted and remembered.
constexpr std::size_t usual = std::size_t{4} << 20;

/// The block that use_thread_memory set for this thread.
thread_local thread_memory* given = nullptr;

thread_memory& memory() {
  if (given) return *given;
  thread_local thread_memory own;
  return own;
}

}  // namespace

thread_memory::~thread_memory() { release(cpu{}, block_); }

void* thread_memory::borrow(std::size_t bytes) {
  if (borrowed_) return allocate(cpu{}, bytes);
  if (bytes > size_ || !block_) {
    const std::size_t size = std::max(bytes, usual);
    void* const larger = allocate(cpu{}, size);
    release(cpu{}, block_);
    block_ = larger;
    size_ = size;
  }
  borrowed_ = true;
  return block_;
}

void thread_memory::give_back(void* block) noexcept {
  if (block == block_)
    borrowed_ = false;
  else
    release(cpu{}, block);
}

void use_thread_memory(thread_memory& memory) noexcept { given = &memory; }
void* borrow_thread_memory(std::size_t bytes) { return memory().borrow(bytes); }
void return_thread_memory(void* block) noexcept { memory().give_back(block); }

}  // namespace salient
