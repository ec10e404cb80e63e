// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace salient {

// Tests the bits instead of calling std::isfinite: under -ffast-math a compiler may assume that every number
// is finite and remove such a call.

constexpr bool is_finite(float v) { return (std::bit_cast<std::uint32_t>(v) & 0x7f80'0000u) != 0x7f80'0000u; }
constexpr bool is_finite(double v) {
  return (std::bit_cast<std::uint64_t>(v) & 0x7ff0'0000'0000'0000u) != 0x7ff0'0000'0000'0000u;
}

constexpr bool is_nan(float v) { return (std::bit_cast<std::uint32_t>(v) & 0x7fff'ffffu) > 0x7f80'0000u; }
constexpr bool is_nan(double v) {
  return (std::bit_cast<std::uint64_t>(v) & 0x7fff'ffff'ffff'ffffu) > 0x7ff0'0000'0000'0000u;
}

/// True if all values are finite.
template <class T>
constexpr bool all_finite(std::span<const T> values) {
  bool all = true;
  for (const T v : values) all &= is_finite(v);
  return all;
}

}  // namespace salient
