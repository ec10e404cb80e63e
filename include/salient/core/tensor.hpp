// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "salient/core/shape.hpp"
#include "salient/core/standard_library.hpp"

namespace salient {

/// A batch of images, feature maps or attributions in host memory: N x H x W x C, row-major.
template <class T>
struct basic_tensor {
  long batch = 0;
  shape extent{};
  std::vector<T> values;

  basic_tensor() = default;
  explicit basic_tensor(shape each, long images = 1, T fill = T{0})
      : batch(images), extent(each), values(static_cast<std::size_t>(images * each.elements()), fill) {}

  T& operator()(long n, int y, int x, int c) { return values[offset(n, y, x, c)]; }
  T operator()(long n, int y, int x, int c) const { return values[offset(n, y, x, c)]; }

  /// The H x W x C values of one image of the batch.
  std::span<T> image(long n) { return std::span(values).subspan(first(n), length()); }
  std::span<const T> image(long n) const { return std::span(values).subspan(first(n), length()); }

 private:
  std::size_t length() const { return static_cast<std::size_t>(extent.elements()); }
  std::size_t first(long n) const { return static_cast<std::size_t>(n) * length(); }
  std::size_t offset(long n, int y, int x, int c) const {
    assert(n < batch && y < extent.height && x < extent.width && c < extent.channels);
    return static_cast<std::size_t>(((n * extent.height + y) * extent.width + x) * extent.channels + c);
  }
};

using tensor = basic_tensor<float>;

}  // namespace salient
