// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "laws/noise.hpp"
#include "salient/core/view.hpp"

namespace salient::kernel {

/// A batch of feature maps in its own memory. If it is a slice, kernels must not touch the other channels.
template <class T>
struct maps {
  long batch = 0;
  shape extent{};
  int beside = 0;  ///< extra channels on either side
  std::vector<T> values{};

  maps() = default;
  maps(long batch, shape extent, int beside, const std::vector<T>& contents)
      : batch(batch),
        extent(extent),
        beside(beside),
        values(static_cast<std::size_t>(batch * extent.positions() * pitch()), untouched) {
    set(contents);
  }
  /// Filled with noise.
  maps(long batch, shape extent, int beside, unsigned seed)
      : maps(batch, extent, beside, laws::noise<T>(batch * extent.elements(), seed)) {}

  int pitch() const { return extent.channels + 2 * beside; }
  view<T> get() { return view<T>(values.data() + beside, batch, extent, pitch()); }
  view<const T> get() const { return view<const T>(values.data() + beside, batch, extent, pitch()); }

  void set(const std::vector<T>& contents) {
    for (std::size_t i = 0; i < contents.size(); ++i) values[place(i)] = contents[i];
  }
  /// The values of the maps. Fails the test if the extra channels were changed.
  std::vector<T> read() const {
    std::vector<T> result(static_cast<std::size_t>(batch * extent.elements()));
    std::vector<bool> own(values.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = values[place(i)];
      own[place(i)] = true;
    }
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!own[i] && values[i] != untouched) {
        ADD_FAILURE() << "a kernel wrote beside its channels, at " << i;
        break;
      }
    return result;
  }
  /// A copy of images [first, first + count).
  maps some(long first, long count) const {
    const auto all = read();
    const auto one = static_cast<std::ptrdiff_t>(extent.elements());
    return maps(count, extent, beside,
                std::vector<T>(all.begin() + first * one, all.begin() + (first + count) * one));
  }

 private:
  static constexpr T untouched = T(12345);
  std::size_t place(std::size_t i) const {
    const auto channels = static_cast<std::size_t>(extent.channels);
    return i / channels * static_cast<std::size_t>(pitch()) + static_cast<std::size_t>(beside) + i % channels;
  }
};

/// Compares sums of `terms` products in T with the same in double. Rounding errors are relative to `largest`,
/// but at least to the largest sum.
template <class T>
void expect_close(const std::vector<T>& got, const std::vector<double>& expected, long terms,
                  const std::string& what, double largest = 1) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  for (const double v : expected) largest = std::max(largest, std::abs(v));
  const double rounding = std::is_same_v<T, float> ? 2e-7 : 1e-15;
  const double allowed = rounding * (std::sqrt(static_cast<double>(terms)) + 4) * largest;
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_LE(std::abs(static_cast<double>(got[i]) - expected[i]), allowed)
        << got[i] << " for " << expected[i] << ", " << what << " at " << i << " of " << got.size();
}

}  // namespace salient::kernel
