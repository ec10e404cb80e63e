// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "salient/core/tensor.hpp"

namespace salient {

struct named_map {
  std::string name;
  tensor map;
};

inline tensor one_row(std::vector<float> values) {
  tensor result({1, static_cast<int>(values.size()), 1});
  result.values = std::move(values);
  return result;
}

inline tensor random_map(unsigned seed, shape extent, long batch = 1, float spread = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, spread);
  tensor result(extent, batch);
  for (float& v : result.values) v = normal(random);
  return result;
}

/// Maps that are hard to normalise.
inline std::vector<named_map> hard_maps() {
  constexpr float huge = std::numeric_limits<float>::max(), tiny = std::numeric_limits<float>::denorm_min();
  constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> sparse(1000, 0.0F);
  sparse[500] = 3;
  sparse[501] = -1;
  return {{"zeros", one_row({0, 0, 0, 0})},
          {"negative zero", one_row({-0.0F, 0, 0})},
          {"constant", one_row({5, 5, 5})},
          {"negative constant", one_row({-2, -2})},
          {"huge constant", one_row({huge, huge})},
          {"one value", one_row({7})},
          {"both signs, one magnitude", one_row({3, -3, 3})},
          {"ends of the range", one_row({-huge, 0, huge})},
          {"1e38 on both sides", one_row({-1e38F, 1e38F, 2})},
          {"denormals", one_row({-tiny, 0, tiny, 2 * tiny})},
          {"huge and tiny", one_row({tiny, huge, -tiny, 1})},
          {"neighbouring floats", one_row({1, std::nextafter(1.0F, 2.0F)})},
          {"sparse", one_row(std::move(sparse))},
          {"a NaN", one_row({1, nan, 2, -1})},
          {"infinities", one_row({inf, 1, -inf, -2, 0})},
          {"only NaN", one_row({nan, nan})},
          {"only infinities", one_row({inf, -inf})},
          {"infinity over a constant", one_row({1, 1, inf})},
          {"a batch", random_map(1, {5, 4, 3}, 3)},
          {"large spread", random_map(2, {16, 16, 1}, 1, 1e37F)},
          {"small spread", random_map(3, {16, 16, 1}, 1, 1e-40F)}};
}

}  // namespace salient
