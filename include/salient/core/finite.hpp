// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace salient {

// Tests the bits instead of calling std::isfinite: under -ffast-math a compiler may assume that every number
// is finite and remove such a call. Numbers are taken by reference, because Clang also assumes it of those
// that are passed or returned by value, and then knows the bits.

constexpr bool is_finite(const float& v) {
  return (std::bit_cast<std::uint32_t>(v) & 0x7f80'0000u) != 0x7f80'0000u;
}
constexpr bool is_finite(const double& v) {
  return (std::bit_cast<std::uint64_t>(v) & 0x7ff0'0000'0000'0000u) != 0x7ff0'0000'0000'0000u;
}

constexpr bool is_nan(const float& v) {
  return (std::bit_cast<std::uint32_t>(v) & 0x7fff'ffffu) > 0x7f80'0000u;
}
constexpr bool is_nan(const double& v) {
  return (std::bit_cast<std::uint64_t>(v) & 0x7fff'ffff'ffff'ffffu) > 0x7ff0'0000'0000'0000u;
}

/// True if all values are finite.
template <class T>
constexpr bool all_finite(std::span<const T> values) {
  unsigned not_finite = 0;  // a loop without an exit, over integers, is one that compilers vectorise
  for (const T& v : values) not_finite |= static_cast<unsigned>(!is_finite(v));
  return not_finite == 0;
}

}  // namespace salient
