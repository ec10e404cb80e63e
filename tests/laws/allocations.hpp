// SPDX-License-Identifier: MIT
#pragma once

// Counts every allocation of the process, by operator new, Eigen or C, and makes one fail on request. It
// replaces malloc, so only one source file of a program may include it, and it excludes sanitizers, which
// replace malloc too: use "// label: unsanitized".

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace salient::laws {

inline std::atomic<long> allocations{0};
inline std::atomic<std::size_t> allocated_bytes{0};
inline std::atomic<long> releases{0};

/// Number of allocations, on any thread, that succeed before one fails; negative if none is to fail.
inline std::atomic<long> until_failure{-1};
/// Whether all later ones fail too.
inline std::atomic<bool> for_good{false};

/// Counts an allocation; false if it is to fail.
inline bool grant(std::size_t bytes) noexcept {
  long left = until_failure;
  while (left > 0 && !until_failure.compare_exchange_weak(left, left - 1)) {
  }
  if (left == 0) {
    if (!for_good) until_failure = -1;
    errno = ENOMEM;
    return false;
  }
  allocations.fetch_add(1, std::memory_order_relaxed);
  allocated_bytes.fetch_add(bytes, std::memory_order_relaxed);
  return true;
}

}  // namespace salient::laws

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t bytes) noexcept {
  return salient::laws::grant(bytes) ? __libc_malloc(bytes) : nullptr;
}
void* calloc(std::size_t count, std::size_t bytes) noexcept {
  return salient::laws::grant(count * bytes) ? __libc_calloc(count, bytes) : nullptr;
}
void* realloc(void* old, std::size_t bytes) noexcept {
  if (!salient::laws::grant(bytes)) return nullptr;
  if (old) salient::laws::releases.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(old, bytes);
}
void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
  return salient::laws::grant(bytes) ? __libc_memalign(alignment, bytes) : nullptr;
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept { return memalign(alignment, bytes); }
int posix_memalign(void** result, std::size_t alignment, std::size_t bytes) noexcept {
  *result = memalign(alignment, bytes);
  return *result ? 0 : ENOMEM;
}
void free(void* memory) noexcept {
  if (memory) salient::laws::releases.fetch_add(1, std::memory_order_relaxed);
  __libc_free(memory);
}
}
