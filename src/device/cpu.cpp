// SPDX-License-Identifier: MIT
#include "salient/device/cpu.hpp"

#include <cstdint>
#include <cstring>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "salient/device/memory.hpp"

namespace salient {
namespace {

/// Asks for pages of 2 MiB: half of the time that loading 500 MB of weights takes goes into faults of small
/// ones. Only for those that lie wholly inside, so that no more memory is used than was asked for.
void ask_for_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr std::uintptr_t page = std::uintptr_t{2} << 20;
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t first = (begin + page - 1) / page * page, last = (begin + bytes) / page * page;
  // Where the system has none, small ones do.
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

}  // namespace

void* allocate(const cpu&, std::size_t bytes) {
  if (bytes == 0) return nullptr;
  void* const memory = ::operator new(bytes, std::align_val_t(alignment));
  ask_for_large_pages(memory, bytes);
  return memory;
}
void release(const cpu&, void* memory) noexcept { ::operator delete(memory, std::align_val_t(alignment)); }
void copy_in(const cpu&, void* to, const void* from, std::size_t bytes) {
  if (bytes > 0) std::memcpy(to, from, bytes);
}
void copy_out(const cpu&, void* to, const void* from, std::size_t bytes) { copy_in(cpu{}, to, from, bytes); }
void clear(const cpu&, void* memory, std::size_t bytes) {
  if (bytes > 0) std::memset(memory, 0, bytes);
}

void* allocate(const cpu_pool&, std::size_t bytes) { return allocate(cpu{}, bytes); }
void release(const cpu_pool&, void* memory) noexcept { release(cpu{}, memory); }
void copy_in(const cpu_pool&, void* to, const void* from, std::size_t bytes) {
  copy_in(cpu{}, to, from, bytes);
}
void copy_out(const cpu_pool&, void* to, const void* from, std::size_t bytes) {
  copy_in(cpu{}, to, from, bytes);
}
void clear(const cpu_pool&, void* memory, std::size_t bytes) { clear(cpu{}, memory, bytes); }

}  // namespace salient
