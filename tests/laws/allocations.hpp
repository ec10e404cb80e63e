// SPDX-License-Identifier: MIT
#pragma once

// Counts every allocation of the process, whoever makes it: operator new, Eigen, or C. To be included by one
// source file of a program, since it replaces malloc, as sanitizers do: "// label: unsanitized" keeps the two
// apart.

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace salient::laws {

inline std::atomic<long> allocations{0};
inline std::atomic<std::size_t> allocated_bytes{0};

}  // namespace salient::laws

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

static void salient_count(std::size_t bytes) {
  salient::laws::allocations.fetch_add(1, std::memory_order_relaxed);
  salient::laws::allocated_bytes.fetch_add(bytes, std::memory_order_relaxed);
}
void* malloc(std::size_t bytes) noexcept {
  salient_count(bytes);
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) noexcept {
  salient_count(count * bytes);
  return __libc_calloc(count, bytes);
}
void* realloc(void* old, std::size_t bytes) noexcept {
  salient_count(bytes);
  return __libc_realloc(old, bytes);
}
void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
  salient_count(bytes);
  return __libc_memalign(alignment, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept { return memalign(alignment, bytes); }
int posix_memalign(void** result, std::size_t alignment, std::size_t bytes) noexcept {
  *result = memalign(alignment, bytes);
  return *result ? 0 : ENOMEM;
}
}
