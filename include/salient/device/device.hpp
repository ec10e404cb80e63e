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

/// Where passes run: a device owns memory, and every kernel is compiled for it.
///
/// Satisfied by `cpu`, `cpu_pool` and `gpu`. A new device needs a class, these functions, and an entry in
/// the list of devices in src/kernel/portable.hpp. Kernels, layers and methods do not change.
template <class D>
concept device = requires(const D& d, void* p, const void* q, std::size_t bytes) {
  { D::name } -> std::convertible_to<std::string_view>;
  { allocate(d, bytes) } -> std::same_as<void*>;
  release(d, p);
  copy_in(d, p, q, bytes);
  copy_out(d, p, q, bytes);
  clear(d, p, bytes);
  synchronise(d);
  { allocate_host(d, bytes) } -> std::same_as<void*>;
  release_host(d, p);
  send_out(d, p, q, bytes);
};

/// Whether kernels are only enqueued: the host goes on while they run, and should wait as rarely as it can.
template <class D>
inline constexpr bool runs_ahead = std::is_same_v<D, gpu>;

/// The scalars that a device computes with: float on all devices, double on CPUs.
template <class D, class T>
inline constexpr bool computes_in = std::is_same_v<T, float> || std::is_same_v<T, double>;
template <>
inline constexpr bool computes_in<gpu, double> = false;

}  // namespace salient
