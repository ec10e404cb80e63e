// SPDX-License-Identifier: MIT
#include "salient/metric/interval.hpp"

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

TEST(mean_over_images, by_hand) {
  // The deviation of 1, 2, 3 is 1; t of 2 degrees of freedom is 4.302653.
  const estimate e = mean_over_images(values{1, std::nullopt, 2, 3});
  EXPECT_DOUBLE_EQ(*e.mean, 2);
  EXPECT_NEAR(*e.margin, 4.302653 / std::sqrt(3), 1e-6);
  EXPECT_EQ(e.count, 3);
  EXPECT_EQ(e.undefined, 1);
  const estimate half = mean_over_images(values{1, 2, 3}, 0.5);
  EXPECT_NEAR(*half.margin, 0.816497 / std::sqrt(3), 1e-6);
}

TEST(mean_over_images, of_equal_values_is_certain) {
  const estimate e = mean_over_images(values(1000, 0.1));
  EXPECT_DOUBLE_EQ(*e.mean, 0.1);
  EXPECT_EQ(*e.margin, 0);
}

TEST(mean_over_images, of_one_value_has_no_interval_and_of_none_no_mean) {
  const estimate one = mean_over_images(values{0.5});
  EXPECT_EQ(one.mean, 0.5);
  EXPECT_FALSE(one.margin);
  for (const values& none : {values{}, values{std::nullopt, std::nullopt}}) {
    const estimate e = mean_over_images(none);
    EXPECT_FALSE(e.mean);
    EXPECT_FALSE(e.margin);
    EXPECT_EQ(e.count, 0);
    EXPECT_EQ(e.undefined, static_cast<long>(none.size()));
  }
}

TEST(mean_over_images, covers_the_true_mean_as_often_as_it_says) {
  const auto samples = noise({1, 5, 1}, 4000);
  int covered = 0;
  for (long n = 0; n < samples.batch; ++n) {
    const estimate e = mean_over_images(values(samples.image(n).begin(), samples.image(n).end()));
    covered += std::fabs(*e.mean) <= *e.margin;
  }
  EXPECT_NEAR(covered / 4000.0, 0.95, 0.012);  // 3.5 standard deviations
}

TEST(mean_over_images, refuses_levels_and_values_that_are_none) {
  for (const double bad : {0.0, 1.0, 95.0, -0.5, std::nan("")})
    EXPECT_NE(message_of([&] { mean_over_images(values{1}, bad); }).find("the level must be between 0 and 1"),
              std::string::npos);
  EXPECT_EQ(message_of([] { mean_over_images(values{1, std::nan("")}); }),
            "mean_over_images: all values must be finite, and one is not");
}

}  // namespace
}  // namespace salient::metrics
