// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "salient/core/export.hpp"
#include "salient/device/cpu.hpp"
#include "salient/device/gpu.hpp"

namespace salient {

/// Alignment of every buffer in bytes: a cache line and the widest vector register.
inline constexpr std::size_t alignment = 64;

// The memory functions of a device; `device.hpp` states them as a concept. Allocating 0 bytes gives null.
//
// copy_in has read the host's memory when it returns; work that is enqueued later sees the copy. copy_out has
// waited and written the host's memory when it returns. `send_out` only enqueues a copy, to memory from
// `allocate_host`, which the host may read after `synchronise` or copy_out. `clear` enqueues writing zero
// bytes. `synchronise` waits for all enqueued work.

SALIENT_EXPORT void* allocate(const cpu&, std::size_t bytes);
SALIENT_EXPORT void release(const cpu&, void* memory) noexcept;
SALIENT_EXPORT void copy_in(const cpu&, void* to_device, const void* from_host, std::size_t bytes);
SALIENT_EXPORT void copy_out(const cpu&, void* to_host, const void* from_device, std::size_t bytes);
SALIENT_EXPORT void clear(const cpu&, void* memory, std::size_t bytes);
inline void synchronise(const cpu&) {}

SALIENT_EXPORT void* allocate(const cpu_pool&, std::size_t bytes);
SALIENT_EXPORT void release(const cpu_pool&, void* memory) noexcept;
SALIENT_EXPORT void copy_in(const cpu_pool&, void* to_device, const void* from_host, std::size_t bytes);
SALIENT_EXPORT void copy_out(const cpu_pool&, void* to_host, const void* from_device, std::size_t bytes);
SALIENT_EXPORT void clear(const cpu_pool&, void* memory, std::size_t bytes);
inline void synchronise(const cpu_pool&) {}

SALIENT_EXPORT void* allocate(const gpu&, std::size_t bytes);
SALIENT_EXPORT void release(const gpu&, void* memory) noexcept;
SALIENT_EXPORT void copy_in(const gpu&, void* to_device, const void* from_host, std::size_t bytes);
SALIENT_EXPORT void copy_out(const gpu&, void* to_host, const void* from_device, std::size_t bytes);
SALIENT_EXPORT void clear(const gpu&, void* memory, std::size_t bytes);
SALIENT_EXPORT void synchronise(const gpu&);

// On a CPU the host's memory is the device's.
template <class D>
void* allocate_host(const D& device, std::size_t bytes) {
  return allocate(device, bytes);
}
template <class D>
void release_host(const D& device, void* memory) noexcept {
  release(device, memory);
}
template <class D>
void send_out(const D& device, void* to_host, const void* from_device, std::size_t bytes) {
  copy_out(device, to_host, from_device, bytes);
}
/// Page-locked memory.
template <>
SALIENT_EXPORT void* allocate_host(const gpu&, std::size_t bytes);
template <>
SALIENT_EXPORT void release_host(const gpu&, void* memory) noexcept;
template <>
SALIENT_EXPORT void send_out(const gpu&, void* to_host, const void* from_device, std::size_t bytes);

}  // namespace salient
