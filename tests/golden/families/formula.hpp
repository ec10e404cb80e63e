// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace salient::golden {

// Numbers that this side and formula.py compute alike, so that no weights need be stored.

std::uint32_t fnv1a(std::string_view name);

/// 32 bits for each index: MurmurHash3's finaliser of the name's hash plus so many golden ratios.
std::uint32_t bits(std::uint32_t name, long index);

/// In [-1, 1).
double uniform(std::uint32_t name, long index);

/// A parameter by its name: values centre + range u, rounded to float32.
class parameter_formula {
 public:
  /// dimensions: in PyTorch's order; exponent: a running variance is about 2 to the power of it.
  parameter_formula(std::string_view name, const std::vector<long>& dimensions, int exponent);

  /// The values from an index on, in PyTorch's order.
  void fill(long index, std::span<float> to) const;

 private:
  std::uint32_t name_;
  double centre_ = 0, range_ = 0;
};

inline constexpr std::size_t projections = 8;

/// Products of a map with vectors of signs.
std::array<double, projections> project(std::span<const double> map);

}  // namespace salient::golden
