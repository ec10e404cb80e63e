// SPDX-License-Identifier: MIT
#include "salient/metric/complexity.hpp"

#include <cmath>

#include "metric/maps.hpp"

namespace salient::metrics {
namespace {

TEST(complexity, by_hand) {
  EXPECT_NEAR(*complexity(row_of({1, 2, 3, 4}))[0], 1.279854, 5e-7);
  EXPECT_NEAR(*complexity(row_of({-1, 3, -2, 4}))[0], 1.279854, 5e-7);
  EXPECT_DOUBLE_EQ(*complexity(row_of({0, 0, 0, 1}))[0], 0);
  EXPECT_DOUBLE_EQ(*complexity(row_of({2, -2, 2}))[0], std::log(3));
}

TEST(complexity, adds_the_channels_of_a_pixel) {
  EXPECT_NEAR(*complexity(map_of({2, 2, 2}, {1, 0, 1, -1, 0, -3, 2, 2}))[0], 1.279854, 5e-7);
}

TEST(complexity, obeys_the_laws_of_a_map_alone) {
  expect_laws_of_a_map_alone("complexity", [](const auto& map) { return complexity(map); });
}

}  // namespace
}  // namespace salient::metrics
