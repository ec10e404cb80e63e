// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>

namespace web {

/// A float16's value.
inline float from_half(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000U) << 16;
  // As the exponent and fraction of a float whose exponent is 112 too small: exact, also for subnormal
  // halves.
  const auto magnitude = std::bit_cast<float>((bits & 0x7FFFU) << 13) * 0x1p112F;
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
}

}  // namespace web
