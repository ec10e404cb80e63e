// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace salient {

/// Temporary memory of a thread's kernels, kept between calls so that passes allocate nothing. It
/// grows on demand.
class thread_memory {
 public:
  thread_memory() = default;
  thread_memory(const thread_memory&) = delete;
  thread_memory& operator=(const thread_memory&) = delete;
  ~thread_memory();

  /// A block of at least `bytes`, usually more. If the thread's block is in use, a new one for this call
  /// only. Throws std::bad_alloc.
  void* borrow(std::size_t bytes);
  void give_back(void* block) noexcept;

 private:
  void* block_ = nullptr;
  std::size_t size_ = 0;
  bool borrowed_ = false;
};

/// Makes the calling thread use `memory`, which must outlive the thread, instead of a block of its own.
void use_thread_memory(thread_memory& memory) noexcept;

/// The calling thread's block.
void* borrow_thread_memory(std::size_t bytes);
void return_thread_memory(void* block) noexcept;

/// Borrows the calling thread's block for a scope.
class thread_block {
 public:
  explicit thread_block(std::size_t bytes) : data_(borrow_thread_memory(bytes)) {}
  ~thread_block() { return_thread_memory(data_); }
  thread_block(const thread_block&) = delete;
  thread_block& operator=(const thread_block&) = delete;

  void* data() const { return data_; }

 private:
  void* data_;
};

}  // namespace salient
