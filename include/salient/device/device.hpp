// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "salient/device/cpu.hpp"
#include "salient/device/gpu.hpp"
#include "salient/device/memory.hpp"

namespace salient {

/// Where passes run: it holds memory, and every kernel is compiled for it.
///
/// Satisfied by `cpu`, `cpu_pool`, `gpu`. A new device is its class, these five functions, and an entry in
/// the list of devices that src/kernel/portable.hpp compiles kernels for; no kernel, layer or method is
/// edited.
template <class D>
concept device = requires(const D& d, void* p, const void* q, std::size_t bytes) {
  { D::name } -> std::convertible_to<std::string_view>;
  { allocate(d, bytes) } -> std::same_as<void*>;
  release(d, p);
  copy_in(d, p, q, bytes);
  copy_out(d, p, q, bytes);
  synchronise(d);
};

/// The scalars in which a device computes: all devices in float, those with a CPU in double too.
template <class D, class T>
inline constexpr bool computes_in = std::is_same_v<T, float> || std::is_same_v<T, double>;
template <>
inline constexpr bool computes_in<gpu, double> = false;

}  // namespace salient
