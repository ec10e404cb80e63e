// SPDX-License-Identifier: MIT
#include "salient/metric/structural_similarity.hpp"

#include <cmath>

#include "metric/maps.hpp"

namespace salient::metrics {
namespace {

TEST(structural_similarity, of_constants_compares_their_means) {
  // Without variance, (2 ab + c1) / (a^2 + b^2 + c1) is left.
  const tensor a({12, 11, 1}, 1, 1.0F), b({12, 11, 1}, 1, 0.5F);
  const double c1 = 1e-4;
  EXPECT_NEAR(*structural_similarity(a, b, 1)[0], (1 + c1) / (1.25 + c1), 1e-9);
}

TEST(structural_similarity, of_a_map_and_its_negative) {
  // One window, whose mean is 0: (c2 - 2 v) / (c2 + 2 v).
  basic_tensor<double> map({11, 11, 1}), other = map;
  for (int y = 0; y < 11; ++y)
    for (int x = 0; x < 11; ++x) map(0, y, x, 0) = x - 5;
  for (std::size_t i = 0; i < map.values.size(); ++i) other.values[i] = -map.values[i];
  double weights = 0, variance = 0;
  for (int x = -5; x <= 5; ++x) {
    weights += std::exp(-x * x / 4.5);
    variance += std::exp(-x * x / 4.5) * x * x;
  }
  variance /= weights;
  const double c2 = 0.03 * 10 * 0.03 * 10;
  EXPECT_NEAR(*structural_similarity(map, other)[0], (c2 - 2 * variance) / (c2 + 2 * variance), 1e-12);
}

TEST(structural_similarity, is_1_for_equal_maps_and_symmetric) {
  const auto a = noise({12, 15, 2}, 2), b = noise({12, 15, 2}, 2, 2);
  for (const auto& value : structural_similarity(a, a)) EXPECT_NEAR(*value, 1, 1e-12);
  EXPECT_EQ(structural_similarity(a, b), structural_similarity(b, a));
  EXPECT_LT(std::fabs(*structural_similarity(a, b)[0]), 0.3);
}

TEST(structural_similarity, does_not_depend_on_the_scale_or_the_batch) {
  const auto a = noise({12, 15, 2}, 3), b = noise({12, 15, 2}, 3, 2);
  const values all = structural_similarity(a, b);
  for (const double factor : {0.25, -8.0, 1e-300, 1e300 / 4})
    for (std::size_t n = 0; n < 3; ++n)
      EXPECT_NEAR(*structural_similarity(scaled(a, factor), scaled(b, factor))[n], *all[n], 1e-9);
  for (long n = 0; n < 3; ++n)
    EXPECT_EQ(structural_similarity(a.slice(n, 1), b.slice(n, 1))[0], all[static_cast<std::size_t>(n)]);
}

TEST(structural_similarity, averages_channels) {
  const auto a = noise({13, 12, 2}), b = noise({13, 12, 2}, 1, 2);
  double sum = 0;
  for (int c = 0; c < 2; ++c) {
    basic_tensor<double> one({13, 12, 1}), other({13, 12, 1});
    for (int y = 0; y < 13; ++y)
      for (int x = 0; x < 12; ++x) one(0, y, x, 0) = a(0, y, x, c), other(0, y, x, 0) = b(0, y, x, c);
    sum += *structural_similarity(one, other, 3)[0];
  }
  EXPECT_NEAR(*structural_similarity(a, b, 3)[0], sum / 2, 1e-12);
}

TEST(structural_similarity, of_one_constant_is_nothing_unless_the_range_is_given) {
  const tensor flat({11, 11, 1}, 1, 0.5F), zeros({11, 11, 1});
  EXPECT_EQ(structural_similarity(flat, flat), values{std::nullopt});
  EXPECT_EQ(structural_similarity(zeros, zeros), values{std::nullopt});
  EXPECT_NEAR(*structural_similarity(zeros, zeros, 1)[0], 1, 1e-12);
}

TEST(structural_similarity, refuses_small_maps_and_bad_ranges) {
  EXPECT_EQ(message_of([] { structural_similarity(tensor({11, 10, 1}), tensor({11, 10, 1})); }),
            "structural_similarity: needs maps of at least 11x11, its window, got 11x10; enlarge them with "
            "resample");
  for (const double bad : {0.0, -1.0, std::nan(""), HUGE_VAL})
    EXPECT_NE(message_of([&] {
                structural_similarity(tensor({11, 11, 1}), tensor({11, 11, 1}), bad);
              }).find("the range must be above 0 and finite"),
              std::string::npos);
  EXPECT_NE(message_of([] {
              structural_similarity(tensor({11, 11, 1}), tensor({11, 12, 1}));
            }).find("two batches of maps of one shape"),
            std::string::npos);
}

}  // namespace
}  // namespace salient::metrics
