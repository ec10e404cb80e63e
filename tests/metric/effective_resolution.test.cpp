// SPDX-License-Identifier: MIT
#include "salient/metric/effective_resolution.hpp"

#include "metric/maps.hpp"
#include "salient/core/blur.hpp"
#include "salient/core/resample.hpp"
#include "salient/metric/correlation.hpp"

namespace salient::metrics {
namespace {

/// A map without a side of zero, so that magnitudes are the values.
basic_tensor<double> smooth_noise(shape extent, double sigma, long batch = 1) {
  auto map = gaussian_blur(noise(extent, batch), sigma);
  for (double& v : map.values) v += 10;
  return map;
}

TEST(effective_resolution, is_where_the_rank_correlation_falls_below_95_percent) {
  const auto map = smooth_noise({24, 30, 1}, 2);
  const double sigma = *effective_resolution(map)[0];
  EXPECT_GE(*spearman(gaussian_blur(map, sigma), map)[0], 0.95);
  EXPECT_LT(*spearman(gaussian_blur(map, sigma * 1.002), map)[0], 0.95);
}

TEST(effective_resolution, grows_with_the_blur_of_a_map) {
  double before = 0;
  for (const double sigma : {1.0, 2.0, 4.0}) {
    const double now = *effective_resolution(smooth_noise({64, 64, 1}, sigma))[0];
    EXPECT_GT(now, 1.5 * before) << sigma;
    before = now;
  }
}

TEST(effective_resolution, of_an_enlarged_map_is_in_its_pixels) {
  const auto map = smooth_noise({8, 8, 1}, 0.8);
  const double fine = *effective_resolution(map)[0];
  EXPECT_NEAR(*effective_resolution(resample(map, {64, 64}))[0] / 8 / fine, 1, 0.35);
}

TEST(effective_resolution, is_0_for_a_pixel_and_the_larger_side_for_a_ramp) {
  tensor spike({9, 9, 1});
  spike(0, 4, 4, 0) = 1;
  EXPECT_EQ(effective_resolution(spike)[0], 0.0);
  tensor ramp({4, 11, 1});
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 11; ++x) ramp(0, y, x, 0) = static_cast<float>(x + 1);
  EXPECT_EQ(effective_resolution(ramp)[0], 11.0);
}

TEST(effective_resolution, of_noise_is_about_half_a_pixel) {
  const auto random = noise({32, 32, 1}, 4);
  for (const auto& sigma : effective_resolution(random)) EXPECT_NEAR(*sigma, 0.5, 0.1);
}

TEST(effective_resolution, of_a_constant_is_nothing) {
  EXPECT_EQ(effective_resolution(tensor({5, 5, 1}, 1, 0.1F)), values{std::nullopt});
  EXPECT_EQ(effective_resolution(map_of({1, 2, 1}, {1, -1})), values{std::nullopt});
  EXPECT_EQ(effective_resolution(row_of({7})), values{std::nullopt});
}

TEST(effective_resolution, of_a_map_of_few_pixels_ends) {
  EXPECT_TRUE(effective_resolution(row_of({1, 2}))[0]);
  EXPECT_TRUE(effective_resolution(map_of({2, 2, 1}, {1, 3, 2, 9}))[0]);
}

TEST(effective_resolution, obeys_the_laws_of_a_map_alone) {
  expect_laws_of_a_map_alone("effective_resolution",
                             [](const auto& map) { return effective_resolution(map); });
}

}  // namespace
}  // namespace salient::metrics
