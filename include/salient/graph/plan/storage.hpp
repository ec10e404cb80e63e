// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "salient/device/memory.hpp"

namespace salient::plan_detail {

inline constexpr int never = std::numeric_limits<int>::max();

constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Rounds bytes up so that every part of a workspace starts at a multiple of `alignment` bytes.
constexpr long aligned_bytes(long bytes) {
  constexpr long step = static_cast<long>(alignment);
  return (bytes + step - 1) / step * step;
}

/// Bytes that must not be overwritten between two steps, both included.
struct lifetime {
  int first = 0, last = 0;
  long bytes = 0;
  int id = 0;
};

/// Places values in one buffer, largest first, each at the lowest offset that is free during its
/// lifetime. A value that is alive at a step with very many others gets memory of its own, so that
/// planning takes linear time.
template <std::size_t Steps>
class placement {
 public:
  /// Sorts `values` and calls put(id, place) for each; returns the end of the memory that begins at `start`.
  template <std::size_t N, class F>
  constexpr long place(std::array<lifetime, N>& values, std::size_t count, long start, const F& put) {
    // Equal sizes stay in their order.
    constexpr long n = static_cast<long>(N);
    std::array<long, N> keys{};
    for (std::size_t i = 0; i < count; ++i) keys[i] = -values[i].bytes * n + static_cast<long>(i);
    std::sort(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(count));
    long end = start;
    std::array<std::size_t, N> crowded{};
    std::size_t left = 0;
    for (std::size_t k = 0; k < count; ++k) {
      const auto i = static_cast<std::size_t>((keys[k] % n + n) % n);
      const lifetime& v = values[i];
      if (!fits_lists(v)) {
        crowded[left++] = i;
        continue;
      }
      const long place = lowest(v, start);
      put(v.id, place);
      end = std::max(end, place + v.bytes);
      list(v, place);
    }
    for (std::size_t k = 0; k < left; ++k) {
      put(values[crowded[k]].id, end);
      end += values[crowded[k]].bytes;
    }
    return end;
  }

 private:
  static constexpr int room = 24;
  struct placed {
    long begin, end;
  };

  constexpr bool fits_lists(const lifetime& v) const {
    for (int s = v.first; s <= v.last; ++s)
      if (count_[at(s)] == room) return false;
    return true;
  }
  constexpr long lowest(const lifetime& v, long start) const {
    long place = start;
    for (bool moved = true; moved;) {
      moved = false;
      for (int s = v.first; s <= v.last; ++s)
        for (int i = 0; i < count_[at(s)]; ++i) {
          const placed& other = alive_[at(s)][at(i)];
          if (place < other.end && other.begin < place + v.bytes) {
            place = other.end;
            moved = true;
          }
        }
    }
    return place;
  }
  constexpr void list(const lifetime& v, long place) {
    for (int s = v.first; s <= v.last; ++s) alive_[at(s)][at(count_[at(s)]++)] = {place, place + v.bytes};
  }

  std::array<std::array<placed, room>, Steps> alive_{};
  std::array<int, Steps> count_{};
};

}  // namespace salient::plan_detail
