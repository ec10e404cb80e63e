// SPDX-License-Identifier: MIT
#include "salient/train/optimiser.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace salient {
namespace {

template <class Optimiser>
std::vector<double> run(Optimiser optimiser, double rate) {
  std::vector<double> p{1};
  std::vector<double> path;
  for (const double g : {0.5, -0.25, 2.0}) {
    const std::vector<double> gradient{g};
    optimiser.step(std::span<double>(p), std::span<const double>(gradient), rate);
    path.push_back(p[0]);
  }
  return path;
}

TEST(sgd, is_pytorchs_momentum_by_hand) {
  // v: 0.5; 0.9 * 0.5 - 0.25 = 0.2; 0.9 * 0.2 + 2 = 2.18
  const auto path = run(sgd(1, {.momentum = 0.9}), 0.1);
  EXPECT_NEAR(path[0], 1 - 0.05, 1e-15);
  EXPECT_NEAR(path[1], 0.95 - 0.02, 1e-15);
  EXPECT_NEAR(path[2], 0.93 - 0.218, 1e-15);
  EXPECT_NEAR(run(sgd(1, {.momentum = 0}), 0.1)[2], 1 - 0.1 * 2.25, 1e-15);
}

TEST(adam, is_its_paper_by_hand) {
  // The first step has the size of the rate for any gradient: m / (1 - b1) = g, v / (1 - b2) = g^2.
  const auto path = run(adam(1, {}), 0.1);
  EXPECT_NEAR(path[0], 1 - 0.1, 1e-8);
  const double m = (0.1 * 0.5 * 0.9 + 0.1 * -0.25) / (1 - 0.81);
  const double v = (0.001 * 0.25 * 0.999 + 0.001 * 0.0625) / (1 - 0.999 * 0.999);
  EXPECT_NEAR(path[1], path[0] - 0.1 * m / (std::sqrt(v) + 1e-8), 1e-12);
}

}  // namespace
}  // namespace salient
