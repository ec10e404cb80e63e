// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace salient {

// A block of memory that each thread keeps for what its kernels need for a moment, so that passes allocate
// nothing. A pool's threads take theirs as they start; any other thread takes it when it first needs it.

/// The calling thread's block; a new one for this call alone if the block is in use.
void* borrow_thread_memory(std::size_t bytes);
void return_thread_memory(void* block) noexcept;

}  // namespace salient
