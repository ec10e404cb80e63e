// SPDX-License-Identifier: MIT
#include "salient/metric/plane.hpp"

#include "metric/maps.hpp"
#include "salient/core/resample.hpp"

namespace salient::metrics {
namespace {

TEST(largest_first, keeps_equal_pixels_in_row_major_order) {
  std::vector<double> pixels(1000);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<double>(i % 3) - 1;
  const std::vector<long> order = detail::largest_first(pixels);
  std::vector<long> expected;
  for (const long first : {2, 1, 0})
    for (long i = first; i < 1000; i += 3) expected.push_back(i);
  EXPECT_EQ(order, expected);
}

TEST(relevance, is_the_signed_sum_times_a_power_of_two) {
  const auto planes =
      detail::relevance(map_of<double>({1, 2, 2}, {3, -4, 0.5, 0.25}), {1, 2}, 1, "this metric");
  EXPECT_EQ(planes.values, (std::vector<double>{-1.0 / 8, 0.75 / 8}));
  EXPECT_EQ(detail::magnitudes(map_of<double>({1, 2, 2}, {3, -4, 0.5, 0.25}), 0),
            (std::vector<double>{7.0 / 8, 0.75 / 8}));
}

TEST(relevance, of_a_constant_stays_constant_when_enlarged) {
  int moved = 0;
  for (int i = 1; i < 50; ++i) {
    const basic_tensor<double> flat({3, 3, 1}, 1, i / 7.0);
    moved += !detail::constant(resample(flat, {11, 13}).values);
    EXPECT_TRUE(detail::constant(detail::relevance(flat, {11, 13}, 1, "this metric").values)) << i;
  }
  EXPECT_GT(moved, 0) << "interpolation would have rounded none of these: the case shows nothing";
}

TEST(relevance, scales_each_image_of_a_batch_by_itself) {
  basic_tensor<double> maps({1, 2, 1}, 2);
  maps.values = {1e-300, 2e-300, 3e300, 1e300};
  const auto planes = detail::relevance(maps, {1, 2}, 2, "this metric");
  for (long n = 0; n < 2; ++n)
    for (const double v : planes.image(n)) EXPECT_TRUE(v > 0.1 && v < 1) << v;
  EXPECT_EQ(detail::relevance(basic_tensor<double>({1, 2, 1}), {1, 2}, 1, "this metric").values,
            (std::vector<double>{0, 0}));
}

}  // namespace
}  // namespace salient::metrics
