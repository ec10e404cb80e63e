// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <random>
#include <vector>

#include "salient/core/tensor.hpp"

namespace salient::laws {

/// `count` values in [-1, 1], the same for the same seed. They are float32's whatever T is, so that runs in
/// both scalars see the same input.
template <class T>
std::vector<T> noise(long count, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<T> values(static_cast<std::size_t>(count));
  for (T& v : values) v = static_cast<T>(static_cast<float>(engine()) / 2147483648.0f - 1.0f);
  return values;
}

template <class T>
basic_tensor<T> noise_images(shape extent, long batch, unsigned seed) {
  basic_tensor<T> images(extent, batch);
  images.values = noise<T>(batch * extent.elements(), seed);
  return images;
}

}  // namespace salient::laws
