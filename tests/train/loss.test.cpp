// SPDX-License-Identifier: MIT
#include "salient/train/loss.hpp"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"

namespace salient {
namespace {

basic_tensor<double> scores(std::vector<double> values, long batch) {
  basic_tensor<double> s({1, 1, static_cast<int>(values.size()) / static_cast<int>(batch)}, batch);
  s.values = std::move(values);
  return s;
}

TEST(softmax_cross_entropy, is_the_mean_of_its_definition) {
  const auto z = scores({1, 2, 3, 0, 0, 0}, 2);
  const std::vector<int> labels{2, 0};
  const auto value = softmax_cross_entropy(z, std::span<const int>(labels));
  const double sum = std::exp(1) + std::exp(2) + std::exp(3);
  EXPECT_NEAR(value.loss, (-std::log(std::exp(3) / sum) + std::log(3)) / 2, 1e-14);
  EXPECT_EQ(value.correct, 2) << "of equal scores the first is the prediction";
  EXPECT_NEAR(value.gradient(0, 0, 0, 0), std::exp(1) / sum / 2, 1e-14);
  EXPECT_NEAR(value.gradient(0, 0, 0, 2), (std::exp(3) / sum - 1) / 2, 1e-14);
  EXPECT_NEAR(value.gradient(1, 0, 0, 0), (1.0 / 3 - 1) / 2, 1e-14);
}

TEST(softmax_cross_entropy, stays_finite_at_extreme_scores) {
  const std::vector<int> labels{1};
  const auto value = softmax_cross_entropy(scores({1e4, -1e4}, 1), std::span<const int>(labels));
  EXPECT_NEAR(value.loss, 2e4, 1e-9);
  EXPECT_NEAR(value.gradient(0, 0, 0, 0), 1, 1e-14);
}

TEST(softmax_cross_entropy, refuses_labels_that_do_not_fit) {
  const auto z = scores({1, 2, 3}, 1);
  for (const std::vector<int>& labels : {std::vector<int>{3}, {-1}, {}, {0, 1}})
    EXPECT_THROW(softmax_cross_entropy(z, std::span<const int>(labels)), error);
}

}  // namespace
}  // namespace salient
