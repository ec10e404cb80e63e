// SPDX-License-Identifier: MIT
#include "salient/method/target.hpp"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"

namespace salient {
namespace {

static_assert(target<logit> && target<probability> && target<cross_entropy>);
static_assert(target<logit, double> && class_target<probability> && class_target<cross_entropy, double>);
static_assert(!target<int>);
static_assert(linear_target<logit> && !linear_target<probability> && !linear_target<cross_entropy>);

/// Minimal user-defined targets, for one scalar or for both.
struct in_float {
  float value(std::span<const float> z) const { return z[0]; }
  void derivative(std::span<const float>, std::span<float> dz) const { dz[0] = 1; }
};
static_assert(target<in_float> && !target<in_float, double> && !class_target<in_float>);
static_assert(!linear_target<in_float>, "only if it says so");

struct without_derivative {
  float value(std::span<const float> z) const { return z[0]; }
};
static_assert(!target<without_derivative>);

struct nonlinear : logit {
  static constexpr bool linear = false;
};
static_assert(!linear_target<nonlinear> && class_target<nonlinear>);

template <class Target>
class a_target : public testing::Test {};
using kinds = testing::Types<logit, probability, cross_entropy>;
TYPED_TEST_SUITE(a_target, kinds);

TYPED_TEST(a_target, has_the_derivative_that_central_differences_give) {
  std::array<double, 4> z{0.3, -1.2, 2.0, 0.9};
  std::vector<double> dz(4);
  for (int c = 0; c < 4; ++c) {
    std::ranges::fill(dz, 0.0);  // the contract: dz starts as zeros
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

/// The derivative in float equals that in double up to float's precision, element by element. Computed as p -
/// 1, it would lose all digits near a certain class.
TYPED_TEST(a_target, has_the_same_derivative_in_float_at_a_certain_class) {
  for (const double margin : {5.0, 15.0, 20.0}) {
    const std::array<double, 3> z{margin, 0, 0};
    const std::array<float, 3> narrow{static_cast<float>(margin), 0, 0};
    for (int c = 0; c < 3; ++c) {
      std::vector<double> dz(3);
      std::vector<float> narrow_dz(3);
      TypeParam::derivative(std::span<const double>(z), c, std::span<double>(dz));
      TypeParam::derivative(std::span<const float>(narrow), c, std::span<float>(narrow_dz));
      for (std::size_t k = 0; k < 3; ++k)
        EXPECT_NEAR(narrow_dz[k], dz[k], 1e-5 * std::abs(dz[k]))
            << "margin " << margin << ", class " << c << ", score " << k;
      EXPECT_NEAR(TypeParam::value(std::span<const float>(narrow), c),
                  TypeParam::value(std::span<const double>(z), c),
                  1e-5 * std::abs(TypeParam::value(std::span<const double>(z), c)));
    }
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

std::vector<int> resolved(const logit& asked) { return detail::resolve_classes(asked.classes, scores()); }

TEST(target_classes, are_the_predicted_ones_unless_named) {
  EXPECT_EQ(resolved({}), (std::vector{1, 0})) << "the first of equals";
  EXPECT_EQ(resolved(2), (std::vector{2, 2}));
  EXPECT_EQ(resolved(std::vector{2, 1}), (std::vector{2, 1}));
}

std::string message(const logit& asked) {
  try {
    resolved(asked);
  } catch (const error& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(target_classes, out_of_range_are_refused_in_words) {
  EXPECT_EQ(message(logit(3)), "target 3 is out of range: the network has classes 0 to 2");
  EXPECT_EQ(message(logit(-1)), "target -1 is out of range: the network has classes 0 to 2");
  EXPECT_EQ(message(logit(std::vector{0, 3})), "target 3 is out of range: the network has classes 0 to 2");
  EXPECT_EQ(message(logit(std::vector{0, 1, 2})), "a batch of 2 images takes one target or 2, got 3");
}

}  // namespace
}  // namespace salient
