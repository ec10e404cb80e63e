// SPDX-License-Identifier: MIT
#pragma once

// Scores for tests of the kernels that start a backward pass, and what these should compute.

#include <cstddef>
#include <span>
#include <vector>

#include "laws/noise.hpp"
#include "salient/method/target.hpp"

namespace salient::kernel {

inline constexpr long batch = 5;
// Fewer than a block has threads, and more.
inline constexpr int sizes[] = {1, 2, 10, 1000};

template <class T>
std::vector<T> scores_of(int classes) {
  auto z = laws::noise<T>(batch * classes, 1);
  for (T& v : z) v *= 5;
  for (int k = 0; k + 1 < classes; ++k) z[static_cast<std::size_t>(classes + k)] = 3;  // ties
  return z;
}

template <class T, class Target>
std::vector<T> expected(const Target& target, const std::vector<T>& z, const std::vector<int>& of) {
  std::vector<T> dz(z.size());
  const std::size_t classes = z.size() / batch;
  for (std::size_t n = 0; n < batch; ++n)
    target.derivative(std::span<const T>(z).subspan(n * classes, classes), of[n],
                      std::span<T>(dz).subspan(n * classes, classes));
  return dz;
}

}  // namespace salient::kernel
