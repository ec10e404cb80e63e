// SPDX-License-Identifier: MIT
#include "salient/metric/pointing_game.hpp"

#include <cmath>

#include "metric/maps.hpp"

namespace salient::metrics {
namespace {

const tensor left = map_of({2, 4, 1}, {1, 1, 0, 0, 1, 1, 0, 0});

TEST(pointing_game, by_hand) {
  EXPECT_EQ(pointing_game(map_of({2, 4, 1}, {0, 0, 3, 0, 0, 5, 0, 0}), left), values{1});
  EXPECT_EQ(pointing_game(map_of({2, 4, 1}, {0, 0, 5, 0, 0, 3, 0, 0}), left), values{0});
}

TEST(pointing_game, asks_the_largest_signed_sum_of_a_pixels_channels) {
  // Pixel 0 sums to -7, pixel 2 to 1, pixel 1 to 0.
  EXPECT_EQ(pointing_game(map_of({1, 3, 2}, {-9, 2, 4, -4, 0, 1}), row_of({0, 0, 1})), values{1});
}

TEST(pointing_game, asks_the_first_of_equal_pixels) {
  EXPECT_EQ(pointing_game(row_of({1, 5, 5}), row_of({0, 1, 0})), values{1});
  EXPECT_EQ(pointing_game(row_of({1, 5, 5}), row_of({0, 0, 1})), values{0});
}

TEST(pointing_game, has_no_answer_for_an_empty_mask_or_a_constant_map) {
  EXPECT_EQ(pointing_game(row_of({1, 5, 2}), tensor({1, 3, 1})), values{std::nullopt});
  EXPECT_EQ(pointing_game(row_of({3, 3, 3}), row_of({1, 1, 1})), values{std::nullopt});
}

TEST(pointing_game, tolerates_misses_by_a_distance_in_pixels) {
  tensor map({5, 6, 1}), mask({5, 6, 1});
  map(0, 1, 1, 0) = 1;
  mask(0, 4, 5, 0) = -2;  // 5 pixels away; any value but zero is the object
  EXPECT_EQ(pointing_game(map, mask, 4.99), values{0});
  EXPECT_EQ(pointing_game(map, mask, 5), values{1});
}

TEST(pointing_game, enlarges_feature_maps) {
  const auto map = map_of({1, 2, 1}, {2, 1});
  EXPECT_EQ(pointing_game(map, left), values{1});
  EXPECT_EQ(pointing_game(scaled(map, -1), left), values{0});
}

TEST(pointing_game, answers_for_each_image) {
  tensor maps({1, 2, 1}, 3), masks({1, 2, 1}, 3);
  maps.values = {1, 0, 0, 1, 0, 1};
  masks.values = {1, 0, 1, 0, 0, 0};
  EXPECT_EQ(pointing_game(maps, masks), (values{1, 0, std::nullopt}));
  EXPECT_EQ(pointing_game(basic_tensor<double>(maps), masks), (values{1, 0, std::nullopt}));
}

TEST(pointing_game, refuses_what_does_not_match) {
  const auto refusal = [](const tensor& map, const tensor& mask, double tolerance = 0) {
    return message_of([&] { pointing_game(map, mask, tolerance); });
  };
  EXPECT_EQ(refusal(tensor({2, 4, 1}, 2), left), "pointing_game: needs one map for each of 1 images, got 2");
  EXPECT_EQ(refusal(tensor({2, 5, 1}), left),
            "pointing_game: a map of 2x5 is larger than the image or mask, which has 2x4");
  EXPECT_EQ(refusal(tensor({2, 4, 1}), tensor({2, 4, 3})),
            "pointing_game: needs a mask of 1 channel, which is not zero on the object, got 3 channels");
  EXPECT_EQ(refusal(row_of({1, 2}), row_of({1, std::nanf("")})),
            "pointing_game, mask: all values must be finite, but element 1 of 2 is not");
  EXPECT_EQ(refusal(row_of({1, HUGE_VALF}), row_of({1, 0})),
            "pointing_game: all values must be finite, but element 1 of 2 is not");
  for (const double bad : {-1.0, std::nan(""), HUGE_VAL})
    EXPECT_NE(refusal(tensor({2, 4, 1}), left, bad).find("the tolerance must be"), std::string::npos);
}

}  // namespace
}  // namespace salient::metrics
