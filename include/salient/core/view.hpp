// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "salient/core/shape.hpp"

namespace salient {

/// A batch of feature maps in a device's memory, or some channels of it: N x H x W x C, row-major. From one
/// position to the next it is `pitch` elements, which is more than C where the view is a slice of channels.
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
  /// Of the same, to be read alone.
  template <class U, std::enable_if_t<std::is_same_v<const U, T>, int> = 0>
  constexpr view(const view<U>& of) : view(of.data, of.batch, of.extent, of.pitch) {}

  constexpr explicit operator bool() const { return data != nullptr; }

  constexpr bool contiguous() const { return pitch == extent.channels; }
  /// Of all images.
  constexpr long positions() const { return batch * extent.positions(); }
  constexpr long elements() const { return batch * extent.elements(); }
  /// Position `p` of `positions()`.
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
