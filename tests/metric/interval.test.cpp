// SPDX-License-Identifier: MIT
#include "salient/metric/interval.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "metric/maps.hpp"

namespace salient::metrics {
namespace {

TEST(student_t, in_closed_form) {
  for (const double level : {0.1, 0.5, 0.9, 0.95, 0.999}) {
    EXPECT_NEAR(detail::student_t(level, 1) / std::tan(std::numbers::pi * level / 2), 1, 1e-12);
    EXPECT_NEAR(detail::student_t(level, 2) / (level * std::sqrt(2 / (1 - level * level))), 1, 1e-12);
  }
}

TEST(student_t, nears_the_normal_distribution) {
  EXPECT_NEAR(detail::student_t(0.95, 1'000'000), 1.959964, 1e-5);
  for (long freedom = 1; freedom < 200; ++freedom)
    EXPECT_GT(detail::student_t(0.95, freedom), detail::student_t(0.95, freedom + 1)) << freedom;
}

/// Half of the width.
double margin(const estimate& e) { return (e.within->high - e.within->low) / 2; }

TEST(mean_over_images, by_hand) {
  // The deviation of 1, 2, 3 is 1; t of 2 degrees of freedom is 4.302653.
  const estimate e = mean_over_images(values{1, std::nullopt, 2, 3});
  EXPECT_DOUBLE_EQ(*e.mean, 2);
  EXPECT_NEAR(margin(e), 4.302653 / std::sqrt(3), 1e-6);
  EXPECT_EQ(e.count, 3);
  EXPECT_EQ(e.undefined, 1);
  const estimate half = mean_over_images(values{1, 2, 3}, any_number, 0.5);
  EXPECT_NEAR(margin(half), 0.816497 / std::sqrt(3), 1e-6);
}

TEST(mean_over_images, of_equal_numbers_is_certain) {
  const estimate e = mean_over_images(values(1000, 0.1));
  EXPECT_DOUBLE_EQ(*e.mean, 0.1);
  EXPECT_EQ(margin(e), 0);
}

TEST(mean_over_images, of_shares_stays_in_them_and_is_never_certain) {
  for (const long n : {2L, 3L, 10L, 200L})
    for (long k = 0; k <= n; ++k) {
      values counted(static_cast<std::size_t>(n), 0);
      std::fill_n(counted.begin(), k, 1);
      const interval found = *mean_over_images(counted, share).within;
      EXPECT_TRUE(0 <= found.low && found.low < found.high && found.high <= 1) << k << " of " << n;
    }
  // Halves count as halves.
  const auto halves = mean_over_images(values{0.5, 0.5, 1, 0}, share),
             wholes = mean_over_images(values{0, 1, 1, 0}, share);
  EXPECT_NEAR(halves.within->low, wholes.within->low, 1e-12);
  EXPECT_NEAR(halves.within->high, wholes.within->high, 1e-12);
}

TEST(mean_over_images, of_bounded_values_stays_between_the_bounds) {
  const values few{0.01, 0.02, 0.2, 0.03}, high{0.99, 0.98, 0.8, 0.97};
  EXPECT_LT(mean_over_images(few).within->low, 0);
  EXPECT_EQ(mean_over_images(few, between(0, 1)).within->low, 0);
  EXPECT_EQ(mean_over_images(few, at_least(0)).within->low, 0);
  EXPECT_EQ(mean_over_images(few, between(0, 1)).within->high, mean_over_images(few).within->high);
  EXPECT_EQ(mean_over_images(high, between(0, 1)).within->high, 1);
}

TEST(mean_over_images, of_equal_bounded_values_allows_for_what_the_sample_is_too_small_to_hold) {
  // Three values: any share of the population up to 1 - 0.025^(1/3) = 0.7076 may have been missed.
  const interval three = *mean_over_images(values{0.5, 0.5, 0.5}, between(0, 1)).within;
  EXPECT_NEAR(three.low, 0.5 - 0.7076 / 2, 1e-4);
  EXPECT_NEAR(three.high, 0.5 + 0.7076 / 2, 1e-4);
  // So it is where most are equal, here but for rounding: two of fifty say little of the rest.
  values most(48, 1 - 1e-12);
  most.insert(most.end(), {0.0, 1e-3});
  const interval some = *mean_over_images(most, between(0, 1)).within;
  EXPECT_LT(some.low, mean_over_images(most).within->low);
  EXPECT_EQ(some.high, 1);
  // Where they are not, it is Student's.
  const values half{0.5, 0.5, 0.6, 0.7, 0.55};
  EXPECT_EQ(mean_over_images(half, between(0, 1)).within, mean_over_images(half).within);
  // Without a bound, nothing bounds what was missed.
  EXPECT_FALSE(mean_over_images(values{0, 0, 0}, at_least(0)).within);
  EXPECT_TRUE(mean_over_images(values{0, 1, 2}, at_least(0)).within);
  EXPECT_TRUE(mean_over_images(values{0, 1}, at_least(0)).within);
}

TEST(scale, of_differences) {
  EXPECT_EQ(share.of_differences(), between(-1, 1));
  EXPECT_EQ(between(-1, 1).of_differences(), between(-2, 2));
  EXPECT_EQ(any_number.of_differences(), any_number);
}

TEST(mean_over_images, of_one_value_has_no_interval_and_of_none_no_mean) {
  const estimate one = mean_over_images(values{0.5});
  EXPECT_EQ(one.mean, 0.5);
  EXPECT_FALSE(one.within);
  for (const values& none : {values{}, values{std::nullopt, std::nullopt}}) {
    const estimate e = mean_over_images(none);
    EXPECT_FALSE(e.mean);
    EXPECT_FALSE(e.within);
    EXPECT_EQ(e.count, 0);
    EXPECT_EQ(e.undefined, static_cast<long>(none.size()));
  }
}

TEST(mean_over_images, covers_the_true_mean_as_often_as_it_says) {
  const auto samples = noise({1, 5, 1}, 4000);
  int covered = 0;
  for (long n = 0; n < samples.batch; ++n) {
    const estimate e = mean_over_images(values(samples.image(n).begin(), samples.image(n).end()));
    covered += e.within->low <= 0 && 0 <= e.within->high;
  }
  EXPECT_NEAR(covered / 4000.0, 0.95, 0.012);  // 3.5 standard deviations
}

TEST(mean_over_images, refuses_levels_and_values_that_are_none) {
  for (const double bad : {0.0, 1.0, 95.0, -0.5, std::nan("")})
    EXPECT_NE(message_of([&] {
                mean_over_images(values{1}, any_number, bad);
              }).find("the level must be between 0 and 1"),
              std::string::npos);
  EXPECT_EQ(message_of([] { mean_over_images(values{1, std::nan("")}); }),
            "mean_over_images: all values must be finite, and one is not");
  EXPECT_NE(
      message_of([] { mean_over_images(values{1, 1.5}, share); }).find("must lie between 0.000000 and 1"),
      std::string::npos);
}

}  // namespace
}  // namespace salient::metrics
