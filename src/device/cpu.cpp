// SPDX-License-Identifier: MIT
#include "salient/device/cpu.hpp"

#include <cstring>
#include <new>

#include "salient/device/memory.hpp"

namespace salient {

void* allocate(const cpu&, std::size_t bytes) {
  return bytes > 0 ? ::operator new(bytes, std::align_val_t(alignment)) : nullptr;
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
