// SPDX-License-Identifier: MIT
#include "evidence/pairs.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "fake_subject.hpp"

namespace {

namespace evidence = salient::evidence;
using evidence::sample, salient::metrics::values, salient::tensor;

/// Recognises digits by how bright the two halves are, except for nines.
class by_brightness : public fake_subject {
 public:
  tensor scores(const tensor& images) const override {
    tensor scores({1, 1, 10}, images.batch);
    for (long n = 0; n < images.batch; ++n)
      for (const int column : {7, 21}) {
        const int digit = static_cast<int>(std::lround(10 * images(n, 14, column, 0)));
        scores(n, 0, 0, digit == 9 ? 0 : digit) = static_cast<float>(column);
      }
    return scores;
  }
};

/// As bright as the digit, where digits have ink.
sample of_brightness(const std::vector<int>& digits) {
  sample s{"digits", "", {}, digits, tensor({28, 28, 1}, static_cast<long>(digits.size()))};
  for (long n = 0; n < s.images.batch; ++n)
    for (int y = 0; y < 28; ++y)
      for (int x = 4; x < 24; ++x)
        s.images(n, y, x, 0) = static_cast<float>(digits[static_cast<std::size_t>(n)]) / 10;
  return s;
}

TEST(side_by_side, keeps_the_height_and_the_ink) {
  tensor left({28, 28, 1}), right({28, 28, 1});
  left(0, 3, 4, 0) = left(0, 3, 5, 0) = 1;        // the first columns that can have ink
  right(0, 20, 22, 0) = right(0, 20, 23, 0) = 1;  // and the last
  const tensor both = evidence::side_by_side(left, right);
  ASSERT_TRUE(both.extent == left.extent);
  for (int y = 0; y < 28; ++y)
    for (int x = 0; x < 28; ++x)
      EXPECT_EQ(both(0, y, x, 0) > 0, (y == 3 && x <= 1) || (y == 20 && x >= 26)) << y << " " << x;
  EXPECT_NEAR(both(0, 3, 0, 0), 1, 1e-6);
}

TEST(find_pairs, keeps_the_pairs_that_the_network_names) {
  const by_brightness network;
  // 3 and 3 are no pair; of 5 and 9, and 9 and 1, the nine is not recognised; the last goes with the first.
  const auto found = evidence::find_pairs(network, of_brightness({3, 3, 5, 9, 1}), {});
  EXPECT_EQ(found.pairs, 4);
  EXPECT_EQ(found.left, (std::vector{3, 1}));
  EXPECT_EQ(found.right, (std::vector{5, 3}));
  ASSERT_EQ(found.images.batch, 2);
  EXPECT_NEAR(found.images(0, 14, 7, 0), 0.3, 1e-6);
  EXPECT_NEAR(found.images(0, 14, 21, 0), 0.5, 1e-6);
  EXPECT_FALSE(found.enough());  // two are a half of all, but few
  std::vector<int> many;
  for (int i = 0; i < 10; ++i) many.push_back(1 + i % 5);
  EXPECT_TRUE(evidence::find_pairs(network, of_brightness(many), {}).enough());
  many.pop_back();
  EXPECT_FALSE(evidence::find_pairs(network, of_brightness(many), {}).enough());
  EXPECT_FALSE(evidence::find_pairs(network, of_brightness({9, 1, 9, 2, 9, 3}), {}).enough());
  EXPECT_FALSE(evidence::find_pairs(network, of_brightness({4, 4}), {}).enough());
}

TEST(enough_pairs, are_ten_and_a_quarter_of_all) {
  EXPECT_TRUE(evidence::enough_pairs(10, 40));
  EXPECT_FALSE(evidence::enough_pairs(10, 41));
  EXPECT_FALSE(evidence::enough_pairs(9, 9));
  EXPECT_FALSE(evidence::enough_pairs(0, 0));
}

TEST(find_pairs, asks_about_predictions_where_classes_are_not_known) {
  const by_brightness network;
  sample s = of_brightness({3, 5, 1});
  s.labels = {-1, 5, -1};
  const auto found = evidence::find_pairs(network, s, {3, 7, 1});
  EXPECT_EQ(found.left, (std::vector{3, 5, 1}));
  EXPECT_EQ(found.right, (std::vector{5, 1, 3}));
}

TEST(side_by_side, keeps_the_middle_of_photographs_and_their_colours) {
  // 33 columns: of each image 24 remain, from the fifth on, in 16 and 17 columns.
  tensor left({4, 33, 3}), right({4, 33, 3});
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 33; ++x) left(0, y, x, 0) = x >= 4 && x < 28 ? 1 : 0, right(0, y, x, 2) = 0.5F;
  const tensor both = evidence::side_by_side(left, right);
  ASSERT_TRUE(both.extent == left.extent);
  for (int x = 0; x < 33; ++x) {
    EXPECT_NEAR(both(0, 2, x, 0), x < 16 ? 1 : 0, 1e-6) << x;
    EXPECT_NEAR(both(0, 2, x, 2), x < 16 ? 0 : 0.5, 1e-6) << x;
  }
}

TEST(half_mask, is_one_half) {
  const salient::shape digit{28, 28, 1};
  const tensor left = evidence::half_mask(digit, 2, true), right = evidence::half_mask(digit, 2, false);
  for (long n = 0; n < 2; ++n)
    for (int x = 0; x < 28; ++x) {
      EXPECT_EQ(left(n, 9, x, 0), x < 14 ? 1 : 0);
      EXPECT_EQ(right(n, 9, x, 0), x < 14 ? 0 : 1);
    }
}

TEST(means, are_of_both) {
  EXPECT_EQ(evidence::means({1.0, 0.5, std::nullopt}, {0.0, std::nullopt, std::nullopt}),
            (values{0.5, std::nullopt, std::nullopt}));
}

}  // namespace
