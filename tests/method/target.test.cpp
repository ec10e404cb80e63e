// SPDX-License-Identifier: MIT
#include "salient/method/target.hpp"

#include <array>

#include <gtest/gtest.h>

namespace salient {
namespace {

static_assert(target<logit> && target<probability> && target<cross_entropy>);
static_assert(!target<int>);

template <class Target>
class a_target : public testing::Test {};
using kinds = testing::Types<logit, probability, cross_entropy>;
TYPED_TEST_SUITE(a_target, kinds);

TYPED_TEST(a_target, has_the_derivative_that_central_differences_give) {
  std::array<double, 4> z{0.3, -1.2, 2.0, 0.9};
  std::vector<double> dz(4);
  for (int c = 0; c < 4; ++c) {
    TypeParam::derivative(std::span<const double>(z), c, std::span<double>(dz));
    for (std::size_t k = 0; k < z.size(); ++k) {
      auto up = z, down = z;
      up[k] += 1e-6;
      down[k] -= 1e-6;
      const double slope = (TypeParam::value(std::span<const double>(up), c) -
                            TypeParam::value(std::span<const double>(down), c)) /
                           2e-6;
      EXPECT_NEAR(dz[k], slope, 1e-8) << "class " << c << ", score " << k;
    }
  }
}

TYPED_TEST(a_target, stays_finite_at_extreme_scores) {
  const std::array<float, 3> z{1e4f, -1e4f, 0};
  std::vector<float> dz(3);
  for (int c = 0; c < 3; ++c) {
    EXPECT_TRUE(std::isfinite(TypeParam::value(std::span<const float>(z), c)));
    TypeParam::derivative(std::span<const float>(z), c, std::span<float>(dz));
    for (const float v : dz) EXPECT_TRUE(std::isfinite(v));
  }
}

TEST(targets, have_the_values_of_their_definitions) {
  const std::array<double, 3> z{1, 2, 3};
  const double sum = std::exp(1) + std::exp(2) + std::exp(3);
  EXPECT_EQ(logit::value(std::span<const double>(z), 1), 2);
  EXPECT_NEAR(probability::value(std::span<const double>(z), 1), std::exp(2) / sum, 1e-15);
  EXPECT_NEAR(cross_entropy::value(std::span<const double>(z), 1), -std::log(std::exp(2) / sum), 1e-15);
}

basic_tensor<float> scores() {
  basic_tensor<float> s({1, 1, 3}, 2);
  s.values = {0, 5, 5, 7, 1, 2};
  return s;
}

TEST(target_classes, are_the_predicted_ones_unless_named) {
  EXPECT_EQ(logit().resolve(scores()), (std::vector{1, 0})) << "the first of equals";
  EXPECT_EQ(logit(2).resolve(scores()), (std::vector{2, 2}));
  EXPECT_EQ(logit(std::vector{2, 1}).resolve(scores()), (std::vector{2, 1}));
}

std::string message(const logit& asked) {
  try {
    asked.resolve(scores());
  } catch (const error& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(target_classes, out_of_range_are_refused_in_words) {
  EXPECT_EQ(message(logit(3)), "target 3 is out of range: the network has classes 0 to 2");
  EXPECT_EQ(message(logit(-1)), "target -1 is out of range: the network has classes 0 to 2");
  EXPECT_EQ(message(logit(std::vector{0, 1, 2})), "a batch of 2 images takes one target or 2, got 3");
}

}  // namespace
}  // namespace salient
