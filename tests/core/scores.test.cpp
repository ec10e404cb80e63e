// SPDX-License-Identifier: MIT
#include "salient/core/scores.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace salient {
namespace {

TEST(scores, of_a_batch_are_read_image_by_image) {
  basic_tensor<double> scores({1, 1, 3}, 2);
  scores.values = {1, 2, 3, 5, 5, 4};
  EXPECT_EQ(predicted_classes(scores), (std::vector{2, 0})) << "the first of equals";
  const auto p = probabilities(scores);
  EXPECT_TRUE(p.extent == scores.extent);
  const double sums[]{std::exp(1) + std::exp(2) + std::exp(3), 2 * std::exp(5) + std::exp(4)};
  for (long n = 0; n < 2; ++n)
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(p(n, 0, 0, c), std::exp(scores(n, 0, 0, c)) / sums[n], 1e-15);
  EXPECT_EQ(probabilities(std::span<const double>(scores.image(1))),
            std::vector<double>(p.values.begin() + 3, p.values.end()));
}

TEST(scores, however_large_have_probabilities) {
  tensor scores({1, 1, 3});
  scores.values = {3e38F, -3e38F, 3e38F};
  EXPECT_EQ(probabilities(scores).values, (std::vector{0.5F, 0.0F, 0.5F}));
}

}  // namespace
}  // namespace salient
