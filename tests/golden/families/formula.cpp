// SPDX-License-Identifier: MIT
#include "golden/families/formula.hpp"

#include <cmath>

namespace salient::golden {

std::uint32_t fnv1a(std::string_view name) {
  std::uint32_t h = 0x811c9dc5U;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x01000193U;
  return h;
}

std::uint32_t bits(std::uint32_t name, long index) {
  std::uint32_t h = name + static_cast<std::uint32_t>(index) * 0x9e3779b9U;
  h = (h ^ (h >> 16)) * 0x85ebca6bU;
  h = (h ^ (h >> 13)) * 0xc2b2ae35U;
  return h ^ (h >> 16);
}

double uniform(std::uint32_t name, long index) {
  return static_cast<double>(bits(name, index) >> 8) / 8388608.0 - 1.0;
}

parameter_formula::parameter_formula(std::string_view name, const std::vector<long>& dimensions, int exponent)
    : name_(fnv1a(name)) {
  if (name.ends_with("running_var")) {
    centre_ = std::ldexp(1.0, exponent);
    range_ = centre_ / 2;
  } else if (name.ends_with("running_mean") || name.ends_with("bias")) {
    range_ = 0.25;
  } else if (dimensions.size() == 1 || name.ends_with("layer_scale")) {
    centre_ = 1;
    range_ = 0.5;
  } else {
    long inputs = 1;
    for (std::size_t i = 1; i < dimensions.size(); ++i) inputs *= dimensions[i];
    range_ = std::sqrt(6 / static_cast<double>(inputs));
  }
}

void parameter_formula::fill(long index, std::span<float> to) const {
  for (float& value : to) value = static_cast<float>(uniform(name_, index++) * range_ + centre_);
}

std::array<double, projections> project(std::span<const double> map) {
  std::array<double, projections> sums{};
  const std::uint32_t signs = fnv1a("signs");
  for (std::size_t i = 0; i < map.size(); ++i) {
    const std::uint32_t sign = bits(signs, static_cast<long>(i));
    for (std::size_t j = 0; j < projections; ++j) sums[j] += (sign >> j & 1U) != 0 ? map[i] : -map[i];
  }
  return sums;
}

}  // namespace salient::golden
