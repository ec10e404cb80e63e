// SPDX-License-Identifier: MIT
#include "salient/metric/total_variation.hpp"

#include "metric/maps.hpp"

namespace salient::metrics {
namespace {

TEST(total_variation, by_hand) {
  EXPECT_DOUBLE_EQ(*total_variation(row_of({1, 2, 3, 4}))[0], 0.3);
  EXPECT_DOUBLE_EQ(*total_variation(row_of({-1, 4, 2, -3}))[0], 0.6);
  EXPECT_DOUBLE_EQ(*total_variation(map_of({4, 1, 1}, {1, 2, 3, 4}))[0], 0.3);
  // Rows 1 2 4 and 8 8 9: 3 + 1 across, 7 + 6 + 5 down, of 32.
  EXPECT_DOUBLE_EQ(*total_variation(map_of({2, 3, 1}, {1, 2, 4, 8, 8, 9}))[0], 22.0 / 32);
  EXPECT_DOUBLE_EQ(*total_variation(map_of({2, 2, 2}, {1, 0, 1, -1, 0, -3, 2, 2}))[0], 0.6);
}

TEST(total_variation, is_0_for_a_constant_and_4_for_a_lonely_pixel) {
  EXPECT_DOUBLE_EQ(*total_variation(tensor({5, 4, 1}, 1, -3.0F))[0], 0);
  tensor spike({5, 4, 1});
  spike(0, 2, 1, 0) = 3;
  EXPECT_DOUBLE_EQ(*total_variation(spike)[0], 4);
}

TEST(total_variation, halves_when_every_pixel_becomes_four) {
  const auto map = noise({6, 5, 1});
  basic_tensor<double> twice({12, 10, 1});
  for (int y = 0; y < 12; ++y)
    for (int x = 0; x < 10; ++x) twice(0, y, x, 0) = map(0, y / 2, x / 2, 0);
  EXPECT_NEAR(*total_variation(twice)[0], *total_variation(map)[0] / 2, 1e-12);
}

TEST(total_variation, obeys_the_laws_of_a_map_alone) {
  expect_laws_of_a_map_alone("total_variation", [](const auto& map) { return total_variation(map); });
}

}  // namespace
}  // namespace salient::metrics
