// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "salient/device/cpu.hpp"
#include "salient/device/gpu.hpp"

namespace salient {

/// Every buffer starts at a multiple of this many bytes: a cache line, the widest vector register.
inline constexpr std::size_t alignment = 64;

// What a device must offer to hold memory; `device.hpp` states it as a concept. No bytes are null. A copy has
// been made when its function returns; `synchronise` returns once all that was enqueued is done.

void* allocate(const cpu&, std::size_t bytes);
void release(const cpu&, void* memory) noexcept;
void copy_in(const cpu&, void* to_device, const void* from_host, std::size_t bytes);
void copy_out(const cpu&, void* to_host, const void* from_device, std::size_t bytes);
inline void synchronise(const cpu&) {}

void* allocate(const cpu_pool&, std::size_t bytes);
void release(const cpu_pool&, void* memory) noexcept;
void copy_in(const cpu_pool&, void* to_device, const void* from_host, std::size_t bytes);
void copy_out(const cpu_pool&, void* to_host, const void* from_device, std::size_t bytes);
inline void synchronise(const cpu_pool&) {}

void* allocate(const gpu&, std::size_t bytes);
void release(const gpu&, void* memory) noexcept;
void copy_in(const gpu&, void* to_device, const void* from_host, std::size_t bytes);
void copy_out(const gpu&, void* to_host, const void* from_device, std::size_t bytes);
void synchronise(const gpu&);

}  // namespace salient
