// SPDX-License-Identifier: MIT
#include "gallery/choose.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace {

/// An image: its label, the predicted class and the probability of that class.
struct reading {
  int label, predicted;
  double probability;
};

/// Scores of ten classes that give these predictions. The other nine share the remaining probability.
salient::tensor scores_of(const std::vector<reading>& readings) {
  salient::tensor scores({1, 1, 10}, static_cast<long>(readings.size()));
  for (std::size_t n = 0; n < readings.size(); ++n) {
    const auto& [label, predicted, p] = readings[n];
    scores(static_cast<long>(n), 0, 0, predicted) = static_cast<float>(std::log(p * 9 / (1 - p)));
  }
  return scores;
}

std::vector<int> labels_of(const std::vector<reading>& readings) {
  std::vector<int> labels;
  for (const reading& r : readings) labels.push_back(r.label);
  return labels;
}

std::vector<long> chosen(const std::vector<reading>& readings) {
  return gallery::choose(labels_of(readings), scores_of(readings));
}

using indices = std::vector<long>;

TEST(choose, takes_the_first_sure_one_of_each_class_in_order_of_classes) {
  EXPECT_EQ(chosen({{7, 7, 0.995}, {2, 2, 0.9}, {7, 7, 0.999}, {2, 2, 0.992}, {2, 2, 0.9999}}),
            (indices{3, 0}));
}

TEST(choose, takes_the_surest_where_none_is_sure) {
  EXPECT_EQ(chosen({{5, 5, 0.6}, {5, 5, 0.8}, {5, 5, 0.7}}), (indices{1}));
}

TEST(choose, takes_the_three_surest_mistakes_of_different_classes_last) {
  EXPECT_EQ(chosen({{1, 7, 0.5}, {4, 9, 0.9}, {4, 9, 0.95}, {8, 3, 0.7}, {6, 0, 0.4}, {0, 0, 0.999}}),
            (indices{5, 2, 3, 0}));
}

TEST(choose, focuses_on_the_first_four_that_is_read_as_one) {
  EXPECT_EQ(gallery::focus_of({{0, 4, 9, 1}, {1, 3, 3, 1}, {2, 4, 4, 1}, {3, 4, 4, 1}}), 2);
  EXPECT_EQ(gallery::focus_of({{0, 4, 9, 1}, {1, 3, 3, 1}}), 0);
}

TEST(choose, describes_by_the_largest_score) {
  const std::vector<reading> one{{3, 8, 0.75}};
  const gallery::shown_digit d = gallery::describe(42, 3, scores_of(one).image(0));
  EXPECT_EQ(d.index, 42);
  EXPECT_EQ(d.label, 3);
  EXPECT_EQ(d.predicted, 8);
  EXPECT_NEAR(d.probability, 0.75F, 1e-6F);
  EXPECT_FALSE(d.correct());
}

TEST(choose, accuracy_is_the_share_of_right_ones) {
  const std::vector<reading> readings{{1, 1, 0.5}, {2, 3, 0.5}, {4, 4, 0.5}, {5, 5, 0.5}};
  EXPECT_DOUBLE_EQ(gallery::accuracy(labels_of(readings), scores_of(readings)), 0.75);
}

}  // namespace
