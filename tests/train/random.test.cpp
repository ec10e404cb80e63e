// SPDX-License-Identifier: MIT
#include "salient/train/random.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace salient {
namespace {

TEST(random, gives_splitmix64s_published_sequence) {
  // The first outputs of the reference implementation for seed 1234567.
  random generator(1234567);
  EXPECT_EQ(generator.next(), 6457827717110365317u);
  EXPECT_EQ(generator.next(), 3203168211198807973u);
  EXPECT_EQ(generator.next(), 9817491932198370423u);
}

TEST(random, is_even) {
  random generator(1);
  double sum = 0, least = 1, most = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const double u = generator.uniform();
    sum += u;
    least = std::min(least, u);
    most = std::max(most, u);
  }
  EXPECT_NEAR(sum / 1e6, 0.5, 0.001);
  EXPECT_GE(least, 0);
  EXPECT_LT(most, 1);
}

TEST(random, shuffles_into_every_order_alike) {
  random generator(2);
  std::array<int, 6> counts{};
  for (int i = 0; i < 6000; ++i) {
    std::vector<int> v{0, 1, 2};
    generator.shuffle(std::span(v));
    const int order = 2 * v[0] + (v[1] > v[2] ? 1 : 0);
    ++counts[static_cast<std::size_t>(order)];
  }
  for (const int c : counts) EXPECT_NEAR(c, 1000, 120);
}

}  // namespace
}  // namespace salient
