// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "salient/core/shape.hpp"

namespace salient {

/// A batch of feature maps in device memory, or a slice of its channels: N x H x W x C, row-major. Positions
/// are `pitch` elements apart, which is more than C for a slice of channels.
template <class T>
struct view {
  T* data = nullptr;
  long batch = 0;
  shape extent{};
  int pitch = 0;

  constexpr view() = default;
  constexpr view(T* first, long images, shape each, int step)
      : data(first), batch(images), extent(each), pitch(step) {}
  /// All channels of a buffer.
  constexpr view(T* first, long images, shape each) : view(first, images, each, each.channels) {}
  /// A read-only view of the same data.
  template <class U, std::enable_if_t<std::is_same_v<const U, T>, int> = 0>
  constexpr view(const view<U>& of) : view(of.data, of.batch, of.extent, of.pitch) {}

  constexpr explicit operator bool() const { return data != nullptr; }

  constexpr bool contiguous() const { return pitch == extent.channels; }
  /// Number of positions in the whole batch.
  constexpr long positions() const { return batch * extent.positions(); }
  constexpr long elements() const { return batch * extent.elements(); }
  /// The channels of position p < positions().
  constexpr T* at(long p) const { return data + p * pitch; }
  constexpr T* image(long n) const { return at(n * extent.positions()); }
  constexpr T& operator()(long n, int y, int x, int c) const {
    return at((n * extent.height + y) * extent.width + x)[c];
  }

  /// Channels first to first + count - 1.
  constexpr view channels(int first, int count) const {
    return {data ? data + first : nullptr, batch, {extent.height, extent.width, count}, pitch};
  }
};

}  // namespace salient
