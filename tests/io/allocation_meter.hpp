// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace salient::test {

inline std::atomic<std::size_t> live_bytes{0};
inline std::atomic<std::size_t> peak_bytes{0};

/// Peak number of bytes that `action` allocates by operator new, beyond what was allocated before.
template <class Action>
std::size_t allocated_by(Action action) {
  const std::size_t before = live_bytes;
  peak_bytes = before;
  action();
  return peak_bytes - before;
}

}  // namespace salient::test

// A test is a single translation unit, so this header may replace the allocation functions. If they were
// inlined, g++ would warn of a free without malloc.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  void* memory = std::malloc(size);
  const std::size_t live = salient::test::live_bytes += malloc_usable_size(memory);
  std::size_t peak = salient::test::peak_bytes;
  while (peak < live && !salient::test::peak_bytes.compare_exchange_weak(peak, live)) {
  }
  return memory;
}
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* memory = operator new(size, std::nothrow);
  if (!memory) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  salient::test::live_bytes -= malloc_usable_size(memory);
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
