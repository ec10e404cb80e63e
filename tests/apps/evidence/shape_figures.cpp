// SPDX-License-Identifier: MIT
#include "evidence/shape_figures.hpp"

#include <gtest/gtest.h>

#include "salient/train/random.hpp"

namespace {

namespace evidence = salient::evidence;

using salient::metrics::values;

salient::tensor map_of(salient::shape extent, const std::vector<float>& all) {
  salient::tensor t(extent);
  t.values = all;
  return t;
}

TEST(pixel_detail, is_what_squares_of_two_pixels_lose) {
  EXPECT_EQ(evidence::pixel_detail(map_of({2, 4, 1}, {1, -1, 1, -1, 1, -1, 1, -1}), {2, 4, 1}), values{1.0});
  EXPECT_EQ(evidence::pixel_detail(map_of({2, 4, 1}, {1, 1, -1, -1, 1, 1, -1, -1}), {2, 4, 1}), values{0.0});
  EXPECT_EQ(evidence::pixel_detail(map_of({1, 4, 1}, {1, -1, 3, 5}), {1, 4, 1}), values{4.0 / 20});
  EXPECT_EQ(evidence::pixel_detail(map_of({1, 3, 1}, {1, -1, 6}), {1, 3, 1}), values{2.0 / 26});  // cut off
  EXPECT_EQ(evidence::pixel_detail(map_of({1, 4, 2}, {1, 0, 0, 1, 2, -1, 1, 0}), {1, 4, 1}),
            values{std::nullopt});  // channels are summed
}

/// The figure that tells a map of single pixels from a coarse one, however many values that has.
TEST(pixel_detail, is_three_quarters_for_noise_and_a_tenth_for_enlarged_noise) {
  salient::tensor noise({64, 64, 1}), half({32, 32, 1});
  salient::random generator(1);
  for (salient::tensor* const t : {&noise, &half})
    for (float& v : t->values) v = static_cast<float>(generator.uniform());
  EXPECT_NEAR(*evidence::pixel_detail(noise, noise.extent)[0], 0.75, 0.02);
  EXPECT_NEAR(*evidence::pixel_detail(half, noise.extent)[0], 0.0975, 0.01);
}

TEST(negative_share, is_of_the_magnitudes) {
  EXPECT_EQ(evidence::negative_share(map_of({1, 4, 1}, {1, -2, 0, 1})), values{0.5});
  EXPECT_EQ(evidence::negative_share(map_of({1, 2, 1}, {0, 0})), values{std::nullopt});
}

TEST(sees_against, weighs_pixels_by_what_their_removal_adds) {
  // Pixels 1 and 3 lower the score by 3 and 1; the map is negative at the first of them alone.
  const std::vector<std::vector<double>> adds{{2, -3, 0, -1}};
  EXPECT_EQ(evidence::sees_against(map_of({1, 4, 1}, {1, -1, -1, 0}), {1, 4, 1}, adds), values{0.75});
  EXPECT_EQ(evidence::sees_against(map_of({1, 4, 1}, {1, -1, -1, 0}), {1, 4, 1}, {{2, 0, 0, 0}}),
            values{std::nullopt});
  // Channels are summed.
  EXPECT_EQ(evidence::sees_against(map_of({1, 2, 2}, {1, -2, 1, -0.5F}), {1, 2, 1}, {{-1, -1}}), values{0.5});
  // A map of one position is enlarged.
  EXPECT_EQ(evidence::sees_against(map_of({1, 1, 1}, {-1}), {2, 2, 1}, {{-1, -1, 1, 0}}), values{1.0});
}

TEST(blind_spots, are_pixels_that_count_and_have_no_value) {
  // 10, -2 and 1 count, 0.9 does not; the map misses the second and the third.
  const std::vector<std::vector<double>> adds{{10, -2, 1, 0.9}};
  const auto found = evidence::blind_spots(map_of({1, 4, 1}, {100, 0.5F, 0, 0}), {1, 4, 1}, adds);
  ASSERT_TRUE(found[0]);
  EXPECT_NEAR(*found[0], 2.0 / 3, 1e-12);
  EXPECT_EQ(evidence::blind_spots(map_of({1, 4, 1}, {100, -1.5F, 2, 0}), {1, 4, 1}, adds), values{0.0});
  EXPECT_EQ(evidence::blind_spots(map_of({1, 4, 1}, {0, 0, 0, 0}), {1, 4, 1}, adds), values{std::nullopt});
  EXPECT_EQ(evidence::blind_spots(map_of({1, 4, 1}, {1, 0, 0, 0}), {1, 4, 1}, {{0, 0, 0, 0}}),
            values{std::nullopt});
}

TEST(cell_grid, has_at_most_32_squares_along_a_side) {
  for (const int side : {1, 28, 32}) EXPECT_EQ(evidence::cell_grid({side, side, 1}).side, 1);
  const evidence::cell_grid photograph({224, 200, 3});
  EXPECT_EQ(photograph.side, 7);
  EXPECT_EQ(photograph.rows, 32);
  EXPECT_EQ(photograph.columns, 29);  // the last of 4 pixels
  EXPECT_EQ(photograph.of(223, 199), photograph.count() - 1);
}

TEST(sees_against, sums_the_squares_of_large_images) {
  // Two squares of 2 x 2 pixels lie in the first row: the first sums to -1, the second to 1.
  salient::tensor map({64, 4, 1});
  map(0, 0, 0, 0) = 3, map(0, 1, 1, 0) = -4, map(0, 1, 2, 0) = 1;
  std::vector<double> adds(64);
  adds[0] = -1, adds[1] = -3;
  EXPECT_EQ(evidence::sees_against(map, map.extent, {adds}), values{0.25});
}

TEST(roughness, is_one_for_noise_and_small_for_a_ramp) {
  salient::tensor noise({40, 40, 1}), ramp({40, 40, 1});
  salient::random generator(5);
  for (float& v : noise.values) v = static_cast<float>(generator.uniform());
  for (std::size_t i = 0; i < ramp.values.size(); ++i) ramp.values[i] = static_cast<float>(i / 40 + 1);
  EXPECT_NEAR(*evidence::roughness(noise, noise.extent, 1)[0], 1, 0.05);
  EXPECT_LT(*evidence::roughness(ramp, ramp.extent, 1)[0], 0.1);
  EXPECT_EQ(evidence::roughness(noise, noise.extent, 1), evidence::roughness(noise, noise.extent, 1));
  EXPECT_NE(evidence::roughness(noise, noise.extent, 1), evidence::roughness(noise, noise.extent, 2));
  // Enlarged, noise is smooth.
  EXPECT_LT(*evidence::roughness(noise, {160, 160, 1}, 1)[0], 0.4);
  EXPECT_EQ(evidence::roughness(salient::tensor({3, 3, 1}), {3, 3, 1}, 1), values{std::nullopt});
  EXPECT_EQ(evidence::roughness(salient::tensor({3, 3, 1}, 1, 2.0F), {3, 3, 1}, 1), values{std::nullopt});
}

}  // namespace
