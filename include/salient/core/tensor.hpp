// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>
#include <type_traits>
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

  /// Converts to the other precision, with rounding.
  template <class U>
    requires(!std::is_same_v<T, U>)
  explicit(sizeof(U) > sizeof(T)) basic_tensor(const basic_tensor<U>& other)
      : batch(other.batch), extent(other.extent), values(other.values.size()) {
    std::ranges::transform(other.values, values.begin(), [](U v) { return static_cast<T>(v); });
  }

  T& operator()(long n, int y, int x, int c) { return values[offset(n, y, x, c)]; }
  T operator()(long n, int y, int x, int c) const { return values[offset(n, y, x, c)]; }

  /// The H x W x C values of one image of the batch.
  std::span<T> image(long n) { return std::span(values).subspan(first(n), length()); }
  std::span<const T> image(long n) const { return std::span(values).subspan(first(n), length()); }

  /// A copy of `count` images from image `from` on.
  basic_tensor slice(long from, long count) const {
    basic_tensor part(extent, count);
    const auto start = values.begin() + static_cast<std::ptrdiff_t>(first(from));
    part.values.assign(start, start + static_cast<std::ptrdiff_t>(part.values.size()));
    return part;
  }

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
