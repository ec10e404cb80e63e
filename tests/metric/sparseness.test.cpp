// SPDX-License-Identifier: MIT
#include "salient/metric/sparseness.hpp"

#include "metric/maps.hpp"

namespace salient::metrics {
namespace {

TEST(sparseness, by_hand) {
  EXPECT_DOUBLE_EQ(*sparseness(row_of({1, 2, 3, 4}))[0], 0.25);
  EXPECT_DOUBLE_EQ(*sparseness(row_of({-4, 1, 3, -2}))[0], 0.25);
  EXPECT_DOUBLE_EQ(*sparseness(row_of({0, 0, 0, 1}))[0], 0.75);
  EXPECT_DOUBLE_EQ(*sparseness(row_of({2, 2, 2}))[0], 0);
  EXPECT_DOUBLE_EQ(*sparseness(row_of({7}))[0], 0);
}

TEST(sparseness, adds_the_channels_of_a_pixel) {
  EXPECT_DOUBLE_EQ(*sparseness(map_of({2, 2, 2}, {1, 0, 1, -1, 0, -3, 2, 2}))[0], 0.25);
}

TEST(sparseness, obeys_the_laws_of_a_map_alone) {
  expect_laws_of_a_map_alone("sparseness", [](const auto& map) { return sparseness(map); });
}

}  // namespace
}  // namespace salient::metrics
