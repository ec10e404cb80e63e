// SPDX-License-Identifier: MIT
#include "salient/method/quadrature.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"

namespace salient {
namespace {

class a_rule : public testing::TestWithParam<quadrature> {};
INSTANTIATE_TEST_SUITE_P(every, a_rule,
                         testing::Values(quadrature::gauss_legendre, quadrature::midpoint,
                                         quadrature::trapezoid, quadrature::left, quadrature::right));

double integrate(const nodes& n, double (*f)(double)) {
  double sum = 0;
  for (std::size_t i = 0; i < n.positions.size(); ++i) sum += n.weights[i] * f(n.positions[i]);
  return sum;
}

TEST_P(a_rule, has_weights_that_sum_to_one_and_increasing_points_inside) {
  for (const int steps : {1, 2, 3, 10, 50, 301, 2000}) {
    const nodes n = make_nodes(GetParam(), steps);
    ASSERT_EQ(n.positions.size(), n.weights.size());
    EXPECT_EQ(n.positions.size(),
              static_cast<std::size_t>(steps + (GetParam() == quadrature::trapezoid ? 1 : 0)));
    EXPECT_NEAR(std::accumulate(n.weights.begin(), n.weights.end(), 0.0), 1, 1e-12) << steps;
    for (std::size_t i = 0; i < n.positions.size(); ++i) {
      EXPECT_GE(n.positions[i], 0);
      EXPECT_LE(n.positions[i], 1);
      EXPECT_TRUE(i == 0 || n.positions[i - 1] < n.positions[i]);
    }
  }
}

TEST_P(a_rule, converges) {
  const auto f = [](double x) { return std::exp(x); };
  EXPECT_NEAR(integrate(make_nodes(GetParam(), 2000), f), std::exp(1) - 1, 1e-3);
}

TEST_P(a_rule, refuses_steps_out_of_range) {
  EXPECT_THROW(make_nodes(GetParam(), 0), error);
  EXPECT_THROW(make_nodes(GetParam(), -5), error);
  EXPECT_THROW(make_nodes(GetParam(), 100'001), error);
}

TEST(gauss_legendre, is_exact_for_polynomials_of_degree_2n_minus_1) {
  for (const int n : {1, 2, 3, 5, 8}) {
    const nodes rule = make_nodes(quadrature::gauss_legendre, n);
    for (int degree = 0; degree < 2 * n; ++degree) {
      double sum = 0;
      for (std::size_t i = 0; i < rule.positions.size(); ++i)
        sum += rule.weights[i] * std::pow(rule.positions[i], degree);
      EXPECT_NEAR(sum, 1.0 / (degree + 1), 1e-14) << n << " points, degree " << degree;
    }
  }
}

TEST(simple_rules, have_the_points_of_their_definitions) {
  EXPECT_EQ(make_nodes(quadrature::left, 2).positions, (std::vector{0.0, 0.5}));
  EXPECT_EQ(make_nodes(quadrature::right, 2).positions, (std::vector{0.5, 1.0}));
  EXPECT_EQ(make_nodes(quadrature::midpoint, 2).positions, (std::vector{0.25, 0.75}));
  EXPECT_EQ(make_nodes(quadrature::trapezoid, 2).positions, (std::vector{0.0, 0.5, 1.0}));
  EXPECT_EQ(make_nodes(quadrature::trapezoid, 2).weights, (std::vector{0.25, 0.5, 0.25}));
}

}  // namespace
}  // namespace salient
