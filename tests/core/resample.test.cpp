// SPDX-License-Identifier: MIT
#include "salient/core/resample.hpp"

#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"

namespace salient {
namespace {

template <class T = float>
basic_tensor<T> plane(int height, int width, std::vector<T> values) {
  basic_tensor<T> result({height, width, 1});
  result.values = std::move(values);
  return result;
}

template <class T>
void expect_near(const basic_tensor<T>& found, int height, int width, const std::vector<T>& expected) {
  EXPECT_EQ(found.extent, (shape{height, width, 1}));
  ASSERT_EQ(found.values.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found.values[i], expected[i], 1e-6) << i;
}

// As torch.nn.functional.interpolate(mode="bilinear", align_corners=False); also computed by hand.
TEST(resample, bilinear_at_half_pixel_centres) {
  expect_near(resample(plane(2, 2, {1, 2, 3, 4}), {4, 4}), 4, 4,
              {1.0F, 1.25F, 1.75F, 2.0F,    //
               1.5F, 1.75F, 2.25F, 2.5F,    //
               2.5F, 2.75F, 3.25F, 3.5F,    //
               3.0F, 3.25F, 3.75F, 4.0F});  //
  expect_near(resample(plane(1, 2, {0, 6}), {1, 3}), 1, 3, {0, 3, 6});
  expect_near(resample(plane(1, 3, {0, 4, 8}), {1, 6}), 1, 6, {0, 1, 3, 5, 7, 8});
  expect_near(resample(plane(1, 4, {1, 2, 3, 4}), {1, 2}), 1, 2, {1.5F, 3.5F});  // without antialiasing
  expect_near(resample(plane(2, 2, {1, 2, 3, 4}), {1, 1}), 1, 1, {2.5F});
  expect_near(resample(plane(4, 1, {0, 0, 8, 8}), {3, 1}), 3, 1, {0, 4, 8});
}

TEST(resample, nearest_takes_the_pixel_that_holds_the_corner) {
  const auto nearest = interpolation::nearest;
  expect_near(resample(plane(2, 2, {1, 2, 3, 4}), {4, 4}, nearest), 4, 4,
              {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4});
  expect_near(resample(plane(1, 3, {1, 2, 3}), {1, 5}, nearest), 1, 5, {1, 1, 2, 2, 3});
  expect_near(resample(plane(1, 5, {1, 2, 3, 4, 5}), {1, 2}, nearest), 1, 2, {1, 3});
}

TEST(resample, nearest_is_exact_where_floating_point_is_not) {
  // In floating point 49 * (2 / 98.0) is less than 1.
  for (int from = 1; from <= 5; ++from)
    for (int to = 1; to <= 200; ++to) {
      tensor row({1, from, 1});
      for (int x = 0; x < from; ++x) row(0, 0, x, 0) = static_cast<float>(x);
      const tensor across = resample(row, {1, to}, interpolation::nearest);
      row.extent = {from, 1, 1};
      const tensor down = resample(row, {to, 1}, interpolation::nearest);
      for (int x = 0; x < to; ++x) {
        ASSERT_EQ(across(0, 0, x, 0), static_cast<float>(x * from / to)) << from << " to " << to;
        ASSERT_EQ(down(0, x, 0, 0), static_cast<float>(x * from / to)) << from << " to " << to;
      }
    }
}

TEST(resample, puts_cells_at_their_centres) {
  const auto map = plane(1, 3, {1, 2, 4});
  // Centres at pixels 2, 4 and 6.
  const cell_centres centres{.x = {2, 2}};
  expect_near(resample(map, {1, 9}, centres), 1, 9, {1, 1, 1, 1.5F, 2, 3, 4, 4, 4});
  expect_near(resample(map, {1, 9}, centres, interpolation::nearest), 1, 9, {1, 1, 1, 1, 2, 2, 4, 4, 4});
  // Beyond the picture on both sides: pixels 0 and 1 lie between the first two centres.
  expect_near(resample(map, {1, 2}, {.x = {-1, 4}}), 1, 2, {1.25F, 1.5F});
  // Where the centres are those of a stretched map, the result is that.
  expect_near(resample(map, {1, 6}, {.x = {0.5, 2}}), 1, 6, resample(map, {1, 6}).values);
  try {
    resample(map, {1, 6}, {.x = {0, 0}});
    FAIL();
  } catch (const error& e) {
    EXPECT_STREQ(e.what(), "resample: the steps between cells must be positive, got 1.000000 and 0.000000");
  }
}

TEST(resample, takes_one_number_for_both_and_the_size_of_an_image) {
  const auto map = plane(2, 3, {1, -7, 3, 2, 5, 11});
  EXPECT_EQ(resample(map, 4).values, resample(map, {4, 4}).values);
  EXPECT_EQ(resample(map, size(shape{5, 7, 3})).extent, (shape{5, 7, 1}));
  // Height and width as two numbers would be easy to swap, so there is no such overload.
  using call = decltype([](const auto&... arguments) -> decltype(resample(arguments...)) {});
  static_assert(std::is_invocable_v<call, tensor, size> && !std::is_invocable_v<call, tensor, int, int>);
}

TEST(resample, the_same_size_changes_nothing) {
  for (const auto how : {interpolation::bilinear, interpolation::nearest}) {
    const auto map = plane(2, 3, {1, -7, 3, 2, 5, 11});
    EXPECT_EQ(resample(map, {2, 3}, how).values, map.values);
  }
}

TEST(resample, a_constant_stays_constant) {
  for (const auto how : {interpolation::bilinear, interpolation::nearest})
    for (const auto& [height, width] : {std::pair{1, 1}, {3, 8}, {7, 2}, {28, 28}})
      for (const float v : resample(tensor({5, 4, 2}, 2, 0.3F), {height, width}, how).values)
        EXPECT_FLOAT_EQ(v, 0.3F);
}

TEST(resample, bilinear_keeps_a_ramp_inside_the_border) {
  tensor ramp({6, 9, 1});
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 9; ++x)
      ramp(0, y, x, 0) = 2.0F * (static_cast<float>(x) + 0.5F) - 3.0F * (static_cast<float>(y) + 0.5F);
  constexpr int factor = 4;
  const tensor out = resample(ramp, {6 * factor, 9 * factor});
  for (int y = factor / 2; y < (6 * factor) - factor / 2; ++y)
    for (int x = factor / 2; x < (9 * factor) - factor / 2; ++x)
      EXPECT_NEAR(out(0, y, x, 0), 2 * (x + 0.5) / factor - 3 * (y + 0.5) / factor, 1e-5);
}

TEST(resample, stays_within_the_range) {
  const auto out = resample(plane(2, 3, {-5, 4, 0, 2, 9, -1}), {11, 13});
  for (const float v : out.values) EXPECT_TRUE(v >= -5 && v <= 9);
}

TEST(resample, images_and_channels_do_not_mix) {
  tensor both({2, 2, 2}, 2);
  for (std::size_t i = 0; i < both.values.size(); ++i) both.values[i] = static_cast<float>(i * i);
  const tensor out = resample(both, {5, 3});
  for (long n = 0; n < 2; ++n)
    for (int c = 0; c < 2; ++c) {
      const tensor alone = resample(
          plane(2, 2, {both(n, 0, 0, c), both(n, 0, 1, c), both(n, 1, 0, c), both(n, 1, 1, c)}), {5, 3});
      for (int y = 0; y < 5; ++y)
        for (int x = 0; x < 3; ++x) EXPECT_EQ(out(n, y, x, c), alone(0, y, x, 0));
    }
}

TEST(resample, works_in_double) {
  expect_near(resample(plane<double>(1, 2, {0, 1}), {1, 4}), 1, 4, {0, 0.25, 0.75, 1});
}

TEST(resample, rejects_sizes_that_are_not_positive) {
  for (const auto& [height, width] : {std::pair{0, 4}, {4, 0}, {-1, 4}, {4, -1}})
    EXPECT_THROW(resample(tensor({2, 2, 1}), {height, width}), error) << height << 'x' << width;
  EXPECT_THROW(resample(tensor({0, 2, 1}), 4), error);
  try {
    resample(tensor({2, 3, 1}), {0, 4});
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("2x3 to 0x4"), std::string::npos);
  }
}

}  // namespace
}  // namespace salient
