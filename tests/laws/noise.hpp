// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace salient::laws {

/// `count` values in [-1, 1], determined by the seed. They are float32 values for any T, so that both scalars
/// see the same input.
template <class T>
std::vector<T> noise(long count, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<T> values(static_cast<std::size_t>(count));
  for (T& v : values) v = static_cast<T>(static_cast<float>(engine()) / 2147483648.0f - 1.0f);
  return values;
}

}  // namespace salient::laws
