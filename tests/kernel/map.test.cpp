// SPDX-License-Identifier: MIT
// label: threads
#include "salient/kernel/map.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "laws/noise.hpp"
#include "salient/device/cpu.hpp"

namespace salient::kernel {
namespace {

/// Calls body(device, T{}) for every built device and scalar; `body` checks against its own loops.
template <class F>
void on_every_device(const F& body) {
  const cpu device;
  const cpu_pool pool(3);
  body(device, float{});
  body(device, double{});
  body(pool, float{});
  body(pool, double{});
}

template <class T>
void expect_near(const std::vector<T>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], 1e-4) << i;
}

// A few elements, and enough to be shared among threads.
constexpr long sizes[] = {1, 5, 100'000};

TEST(map, copy_and_multiply_elements) {
  on_every_device([](const auto& device, auto scalar) {
    using T = decltype(scalar);
    for (const long size : sizes) {
      const auto n = static_cast<std::size_t>(size);
      const auto a = laws::noise<T>(size, 1), b = laws::noise<T>(size, 2);
      std::vector<T> copied(n, T(NAN)), product(n, T(NAN)), expected(n);
      copy(device, size, a.data(), copied.data());
      EXPECT_EQ(copied, a);
      multiply_elements(device, size, a.data(), b.data(), product.data());
      for (std::size_t i = 0; i < n; ++i) expected[i] = a[i] * b[i];
      EXPECT_EQ(product, expected);
      multiply_elements(device, size, copied.data(), b.data(), copied.data());
      EXPECT_EQ(copied, expected) << "in place";
    }
  });
}

TEST(map, line_goes_from_one_end_to_the_other) {
  on_every_device([](const auto& device, auto scalar) {
    using T = decltype(scalar);
    const std::vector<T> positions{0, 0.25, 0.5, 1};
    for (const long size : sizes) {
      const auto from = laws::noise<T>(size, 3), to = laws::noise<T>(size, 4);
      std::vector<T> points(static_cast<std::size_t>(4 * size), T(NAN));
      line(device, 4, size, from.data(), to.data(), positions.data(), points.data());
      std::vector<double> expected;
      for (const double p : positions)
        for (std::size_t i = 0; i < from.size(); ++i) expected.push_back((1 - p) * from[i] + p * to[i]);
      expect_near(points, expected);
    }
  });
}

TEST(map, accumulate_adds_weighted_rows_to_what_is_there) {
  on_every_device([](const auto& device, auto scalar) {
    using T = decltype(scalar);
    const std::vector<T> weights{0.5, -2, 3};
    for (const long size : sizes) {
      const auto x = laws::noise<T>(3 * size, 5);
      auto sum = laws::noise<double>(size, 6), expected = sum;
      for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t i = 0; i < sum.size(); ++i) expected[i] += weights[row] * x[row * sum.size() + i];
      accumulate(device, 3, size, x.data(), weights.data(), sum.data());
      expect_near(sum, expected);
    }
  });
}

TEST(map, weighted_channels_and_channel_mean) {
  on_every_device([](const auto& device, auto scalar) {
    using T = decltype(scalar);
    const long batch = 3, channels = 7;
    for (const long positions : {1L, 6L, 20'000L}) {
      const auto x = laws::noise<T>(batch * positions * channels, 7),
                 weight = laws::noise<T>(batch * channels, 8);
      std::vector<T> maps(static_cast<std::size_t>(batch * positions), T(NAN)),
          means(static_cast<std::size_t>(batch * channels), T(NAN));
      weighted_channels(device, batch, positions, channels, x.data(), weight.data(), maps.data());
      channel_mean(device, batch, positions, channels, x.data(), means.data());
      std::vector<double> sums(maps.size(), 0.0), averages(means.size(), 0.0);
      for (long n = 0; n < batch; ++n)
        for (long p = 0; p < positions; ++p)
          for (long c = 0; c < channels; ++c) {
            const double value = x[static_cast<std::size_t>((n * positions + p) * channels + c)];
            const auto at = static_cast<std::size_t>(n * channels + c);
            sums[static_cast<std::size_t>(n * positions + p)] += weight[at] * value;
            averages[at] += value / static_cast<double>(positions);
          }
      expect_near(maps, sums);
      expect_near(means, averages);
    }
  });
}

}  // namespace
}  // namespace salient::kernel
