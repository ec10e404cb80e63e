// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "salient/device/cpu.hpp"
#include "salient/device/gpu.hpp"

namespace salient {

/// Alignment of every buffer in bytes: a cache line and the widest vector register.
inline constexpr std::size_t alignment = 64;

// The memory functions of a device; `device.hpp` states them as a concept. Allocating 0 bytes gives null.
// Copies are complete when their function returns; `synchronise` waits for all enqueued work.

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
