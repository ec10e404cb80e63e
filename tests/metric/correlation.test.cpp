// SPDX-License-Identifier: MIT
#include "salient/metric/correlation.hpp"

#include <cmath>

#include "metric/maps.hpp"

namespace salient::metrics {
namespace {

using list = std::vector<float>;

std::optional<double> pearson_of(const list& a, const list& b) { return pearson<float>(a, b); }
std::optional<double> spearman_of(const list& a, const list& b) { return spearman<float>(a, b); }

TEST(pearson, by_hand) {
  const list up{1, 2, 3, 4}, twice{3, 5, 7, 9}, down{4, 3, 2, 1}, hill{0, 1, 1, 0}, spike{0, 0, 0, 1};
  EXPECT_DOUBLE_EQ(*pearson_of(up, twice), 1);
  EXPECT_DOUBLE_EQ(*pearson_of(up, down), -1);
  EXPECT_DOUBLE_EQ(*pearson_of(up, hill), 0);
  EXPECT_NEAR(*pearson_of(up, spike), 1.5 / std::sqrt(5 * 0.75), 1e-12);
}

TEST(spearman, by_hand) {
  const list up{1, 2, 3, 4}, square{1, 4, 9, 16}, down{4, 3, 2, 1}, swapped{1, 3, 2, 4}, spike{0, 0, 0, 1};
  EXPECT_DOUBLE_EQ(*spearman_of(up, square), 1);
  EXPECT_DOUBLE_EQ(*spearman_of(square, down), -1);
  EXPECT_DOUBLE_EQ(*spearman_of(up, swapped), 0.8);  // 1 - 6 * 2 / (4 * 15)
  // Ranks 2 2 2 4 against 1 2 3 4.
  EXPECT_NEAR(*spearman_of(up, spike), 3 / std::sqrt(5 * 3), 1e-12);
}

TEST(ranks, of_equal_values_are_their_mean) {
  EXPECT_EQ(detail::ranks<float>(list{3, 1, 3, -2, 3, 1}), (std::vector<double>{5, 2.5, 5, 1, 5, 2.5}));
  EXPECT_TRUE(detail::ranks<float>(list{}).empty());
}

TEST(spearman, is_pearson_of_the_ranks_whatever_increasing_function_the_values_go_through) {
  const auto a = noise({5, 6, 2}), b = noise({5, 6, 2}, 1, 2);
  auto curved = b;
  for (double& v : curved.values) v = std::exp(v);
  EXPECT_EQ(spearman(a, curved), spearman(a, b));
  EXPECT_NE(pearson(a, curved), pearson(a, b));
}

TEST(correlation, of_a_constant_is_nothing) {
  // The mean of many 0.1 is not 0.1.
  const list flat(1000, 0.1F);
  list up(1000);
  for (std::size_t i = 0; i < up.size(); ++i) up[i] = static_cast<float>(i);
  for (const auto correlation : {pearson_of, spearman_of}) {
    EXPECT_FALSE(correlation(flat, up));
    EXPECT_FALSE(correlation(up, flat));
    EXPECT_FALSE(correlation(flat, flat));
    EXPECT_FALSE(correlation({1}, {2}));
    EXPECT_FALSE(correlation({}, {}));
  }
}

TEST(pearson, of_the_largest_and_smallest_numbers) {
  const auto a = noise({4, 4, 1}), b = noise({4, 4, 1}, 1, 2);
  for (const double factor : {1e-300, 1e300 / 4})
    EXPECT_NEAR(*pearson(scaled(a, factor), scaled(b, factor))[0], *pearson(a, b)[0], 1e-12);
  const std::vector<double> huge{1.6e308, 1.7e308, 1.5e308}, small{6, 7, 5};  // whose sum overflows
  EXPECT_NEAR(*pearson<double>(huge, small), 1, 1e-12);
  std::vector<double> near(100, 1.0), nearer(100, 1.0);
  near[3] = nearer[3] = std::nextafter(1.0, 2.0);
  EXPECT_NEAR(*pearson<double>(near, nearer), 1, 1e-12);
}

TEST(correlation, of_each_image_and_within_bounds) {
  const auto a = noise({5, 6, 2}, 3), b = noise({5, 6, 2}, 3, 2);
  const values of_all = pearson(a, b), ranks = spearman(a, b);
  ASSERT_EQ(of_all.size(), 3u);
  for (long n = 0; n < 3; ++n) {
    EXPECT_EQ(pearson<double>(a.image(n), b.image(n)), of_all[static_cast<std::size_t>(n)]);
    EXPECT_EQ(spearman<double>(a.image(n), b.image(n)), ranks[static_cast<std::size_t>(n)]);
    EXPECT_LE(*pearson<double>(a.image(n), a.image(n)), 1);
    EXPECT_NEAR(*pearson<double>(a.image(n), a.image(n)), 1, 1e-15);
  }
}

TEST(correlation, refuses_what_does_not_match) {
  EXPECT_EQ(message_of([] { pearson_of({1, 2}, {1}); }),
            "pearson: needs two lists of one length, got 2 and 1 values");
  EXPECT_EQ(message_of([] { spearman_of({1, 2}, {1, std::nanf("")}); }),
            "spearman: all values must be finite, and one is not");
  EXPECT_EQ(
      message_of([] { spearman(tensor({2, 3, 1}), tensor({2, 3, 1}, 2)); }),
      "spearman: needs two batches of maps of one shape, got 1 of 2x3x1 and 2 of 2x3x1; resample makes the "
      "sizes equal");
  EXPECT_NE(message_of([] { pearson(tensor({2, 3, 1}), tensor({3, 2, 1})); }).find("1 of 3x2x1"),
            std::string::npos);
}

}  // namespace
}  // namespace salient::metrics
