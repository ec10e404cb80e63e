// SPDX-License-Identifier: MIT
// label: threads
// label: optimised
#include "salient/kernel/map.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/direct/direct.hpp"
#include "kernel/instruction_sets.hpp"
#include "kernel/on_every_device.hpp"
#include "laws/devices.hpp"
#include "laws/noise.hpp"

namespace salient::kernel {
namespace {

template <class T>
void expect_near(const std::vector<T>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], 1e-4) << i;
}

// A few elements, and enough to be shared among threads.
constexpr long sizes[] = {1, 5, 100'000};

TEST_ON_EVERY_DEVICE(map, multiply_elements) {
  on_every_device([]<class D>(const D& device, auto scalar) {
    using T = decltype(scalar);
    for (const long size : sizes) {
      const auto n = static_cast<std::size_t>(size);
      const auto a = laws::noise<T>(size, 1), b = laws::noise<T>(size, 2);
      std::vector<T> expected(n);
      const resident x(device, a), y(device, b);
      resident over(device, a), product(device, std::vector<T>(n, T(NAN)));
      multiply_elements<D, T>(device, size, x, y, product);
      for (std::size_t i = 0; i < n; ++i) expected[i] = a[i] * b[i];
      EXPECT_EQ(product.read(), expected);
      multiply_elements<D, T>(device, size, over, y, over);
      EXPECT_EQ(over.read(), expected) << "in place";
    }
  });
}

TEST_ON_EVERY_DEVICE(map, line_goes_from_one_end_to_the_other) {
  on_every_device([]<class D>(const D& device, auto scalar) {
    using T = decltype(scalar);
    const std::vector<T> positions{0, 0.25, 0.5, 1};
    for (const long size : sizes) {
      const auto from = laws::noise<T>(size, 3), to = laws::noise<T>(size, 4);
      resident points(device, std::vector<T>(static_cast<std::size_t>(4 * size), T(NAN)));
      const resident first(device, from), last(device, to), at(device, positions);
      line<D, T>(device, 4, size, first, last, at, points);
      std::vector<double> expected;
      for (const double p : positions)
        for (std::size_t i = 0; i < from.size(); ++i) expected.push_back((1 - p) * from[i] + p * to[i]);
      expect_near(points.read(), expected);
    }
  });
}

TEST_ON_EVERY_DEVICE(map, accumulate_adds_weighted_rows_to_what_is_there) {
  on_every_device([]<class D>(const D& device, auto scalar) {
    using T = decltype(scalar);
    const std::vector<T> weights{0.5, -2, 3};
    for (const long size : sizes) {
      const auto x = laws::noise<T>(3 * size, 5);
      auto expected = laws::noise<double>(size, 6);
      resident sum(device, expected);
      for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t i = 0; i < expected.size(); ++i)
          expected[i] += weights[row] * x[row * expected.size() + i];
      const resident rows(device, x), factors(device, weights);
      accumulate<D, T>(device, 3, size, rows, factors, sum);
      expect_near(sum.read(), expected);
    }
  });
}

TEST_ON_EVERY_DEVICE(map, weighted_channels_and_channel_mean) {
  on_every_device([]<class D>(const D& device, auto scalar) {
    using T = decltype(scalar);
    constexpr long batch = 3, channels = 7;
    for (const int pitch : {7, 12})
      for (const int positions : {1, 6, 20'000}) {
        const auto x = laws::noise<T>(batch * positions * pitch, 7),
                   weight = laws::noise<T>(batch * channels, 8);
        resident maps(device, std::vector<T>(static_cast<std::size_t>(batch * positions), T(NAN))),
            means(device, std::vector<T>(static_cast<std::size_t>(batch * channels), T(NAN)));
        const resident values(device, x), weights(device, weight);
        const view<const T> channels_of_x(values, batch, {1, positions, channels}, pitch);
        weighted_channels<D, T>(device, channels_of_x, weights, maps);
        channel_mean<D, T>(device, channels_of_x, means);
        std::vector<double> sums(maps.memory.size(), 0.0), averages(means.memory.size(), 0.0);
        for (long n = 0; n < batch; ++n)
          for (long p = 0; p < positions; ++p)
            for (long c = 0; c < channels; ++c) {
              const double value = x[static_cast<std::size_t>((n * positions + p) * pitch + c)];
              const auto at = static_cast<std::size_t>(n * channels + c);
              sums[static_cast<std::size_t>(n * positions + p)] += weight[at] * value;
              averages[at] += value / static_cast<double>(positions);
            }
        expect_near(maps.read(), sums);
        expect_near(means.read(), averages);
      }
  });
}

// The direct kernels' results per row, and their sums, are bit for bit independent of how the work is shared.
TEST(map, direct_kernels_do_not_depend_on_threads) {
  constexpr long size = 1003;
  const auto from = laws::noise<float>(size, 1), to = laws::noise<float>(size, 2);
  const auto positions = laws::noise<float>(4, 3);
  const auto run = [&](int parts) {
    std::pair<std::vector<float>, std::vector<double>> r{std::vector<float>(4 * size),
                                                         laws::noise<double>(size, 4)};
    for (int i = parts; i-- > 0;)
      direct::line{4, size, from.data(), to.data(), positions.data(), r.first.data()}({i, parts});
    for (int i = parts; i-- > 0;)
      direct::accumulate{4, size, r.first.data(), positions.data(), r.second.data()}({i, parts});
    return r;
  };
  by_each_instruction_set([&] {
    const auto alone = run(1);
    for (const int parts : {2, 3, 7}) EXPECT_EQ(run(parts), alone) << parts << " parts";
  });
}

}  // namespace
}  // namespace salient::kernel
