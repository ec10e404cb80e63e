// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "salient/device/cpu.hpp"

namespace salient {

/// Every buffer starts at a multiple of this many bytes: a cache line, the widest vector register.
inline constexpr std::size_t alignment = 64;

// What a device must offer to hold memory; `device.hpp` states it as a concept. No bytes are null.

void* allocate(const cpu&, std::size_t bytes);
void release(const cpu&, void* memory) noexcept;
void copy_in(const cpu&, void* to_device, const void* from_host, std::size_t bytes);
void copy_out(const cpu&, void* to_host, const void* from_device, std::size_t bytes);

void* allocate(const cpu_pool&, std::size_t bytes);
void release(const cpu_pool&, void* memory) noexcept;
void copy_in(const cpu_pool&, void* to_device, const void* from_host, std::size_t bytes);
void copy_out(const cpu_pool&, void* to_host, const void* from_device, std::size_t bytes);

}  // namespace salient
