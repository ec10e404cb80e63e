// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace salient {

/// A block of memory that a thread keeps for what its kernels need for a moment, so that passes allocate
/// nothing. It grows when asked for more.
class thread_memory {
 public:
  thread_memory() = default;
  thread_memory(const thread_memory&) = delete;
  thread_memory& operator=(const thread_memory&) = delete;
  ~thread_memory();

  /// The block, with room for `bytes` and for what is usual; a new one for this call alone if it is in use.
  /// Throws std::bad_alloc.
  void* borrow(std::size_t bytes);
  void give_back(void* block) noexcept;

 private:
  void* block_ = nullptr;
  std::size_t size_ = 0;
  bool borrowed_ = false;
};

/// From now on the calling thread uses `memory`, which must outlive it, instead of one of its own.
void use_thread_memory(thread_memory& memory) noexcept;

/// The calling thread's block.
void* borrow_thread_memory(std::size_t bytes);
void return_thread_memory(void* block) noexcept;

/// Some of the calling thread's block, for a scope.
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
