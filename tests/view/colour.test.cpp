// SPDX-License-Identifier: MIT
#include "salient/view/colour.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"
#include "view/maps.hpp"

namespace salient {
namespace {

double lightness(rgb colour) { return to_oklab(colour).lightness; }

/// Distances of colours `stride` entries apart; rounding to bytes distorts single steps.
std::vector<double> steps(std::span<const rgb> table, std::size_t stride) {
  std::vector<double> result;
  for (std::size_t i = stride; i < table.size(); i += stride)
    result.push_back(difference(to_oklab(table[i - stride]), to_oklab(table[i])));
  return result;
}

TEST(colour, sizes) {
  EXPECT_EQ(colours(colour_map::sequential).size(), 256U);
  EXPECT_EQ(colours(colour_map::grey).size(), 256U);
  EXPECT_EQ(colours(colour_map::diverging).size(), 257U);
}

TEST(colour, sequential_grows_lighter_all_the_way) {
  for (const auto map : {colour_map::sequential, colour_map::grey}) {
    const auto table = colours(map);
    for (std::size_t i = 1; i < table.size(); ++i)
      EXPECT_GE(lightness(table[i]), lightness(table[i - 1]) - 1e-3) << i;
    for (std::size_t i = 3; i < table.size(); ++i)
      EXPECT_GT(lightness(table[i]), lightness(table[i - 3])) << i;
    EXPECT_LT(lightness(table.front()), 0.15);
    EXPECT_GT(lightness(table.back()), 0.95);
  }
}

TEST(colour, steps_are_even_and_visible) {
  for (const auto map : {colour_map::sequential, colour_map::diverging}) {
    const auto lengths = steps(colours(map), 8);
    double mean = 0;
    for (const double length : lengths) mean += length / static_cast<double>(lengths.size());
    EXPECT_GT(mean, 0.02);
    for (const double length : lengths) EXPECT_NEAR(length, mean, 0.15 * mean);
  }
}

TEST(colour, no_colour_stands_twice) {
  for (const auto map : {colour_map::sequential, colour_map::diverging, colour_map::grey}) {
    const auto table = colours(map);
    for (std::size_t i = 1; i < table.size(); ++i) EXPECT_NE(table[i], table[i - 1]) << i;
  }
}

TEST(colour, diverging_zero_is_exactly_neutral_and_lightest) {
  const auto table = colours(colour_map::diverging);
  const rgb zero = table[128];
  EXPECT_EQ(zero, colour_of(0, colour_map::diverging));
  EXPECT_EQ(zero.red, zero.green);
  EXPECT_EQ(zero.green, zero.blue);
  EXPECT_GT(zero.red, 235);
  for (const rgb colour : table) EXPECT_LE(lightness(colour), lightness(zero) + 1e-9);
}

TEST(colour, diverging_sides_are_equally_strong) {
  const auto table = colours(colour_map::diverging);
  const oklab zero = to_oklab(table[128]);
  for (std::size_t i = 1; i <= 128; ++i) {
    const oklab below = to_oklab(table[128 - i]), above = to_oklab(table[128 + i]);
    EXPECT_NEAR(below.lightness, above.lightness, 0.006) << i;
    EXPECT_NEAR(std::hypot(below.a, below.b), std::hypot(above.a, above.b), 0.008) << i;
    EXPECT_NEAR(difference(below, zero), difference(above, zero), 0.008) << i;
  }
}

TEST(colour, diverging_is_blue_below_and_red_above) {
  for (const float v : {0.25F, 0.5F, 1.0F}) {
    const rgb below = colour_of(-v, colour_map::diverging), above = colour_of(v, colour_map::diverging);
    EXPECT_GT(below.blue, below.red);
    EXPECT_GT(above.red, above.blue);
  }
}

TEST(colour, of_a_value) {
  const auto sequential = colours(colour_map::sequential), diverging = colours(colour_map::diverging);
  constexpr float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  EXPECT_EQ(colour_of(0, colour_map::sequential), sequential.front());
  EXPECT_EQ(colour_of(1, colour_map::sequential), sequential.back());
  EXPECT_EQ(colour_of(-4, colour_map::sequential), sequential.front());
  EXPECT_EQ(colour_of(inf, colour_map::sequential), sequential.back());
  EXPECT_EQ(colour_of(nan, colour_map::sequential), sequential.front());
  EXPECT_EQ(colour_of(-1, colour_map::diverging), diverging.front());
  EXPECT_EQ(colour_of(-inf, colour_map::diverging), diverging.front());
  EXPECT_EQ(colour_of(3, colour_map::diverging), diverging.back());
  EXPECT_EQ(colour_of(nan, colour_map::diverging), diverging[128]);
  for (int level = 0; level < 256; ++level)
    EXPECT_EQ(colour_of(static_cast<float>(level) / 255, colour_map::grey).green, level);
}

TEST(colour, of_a_value_is_the_nearest) {
  for (int level = 0; level < 255; ++level)
    for (const auto& [fraction, expected] :
         {std::pair{0.1F, level}, {0.4F, level}, {0.6F, level + 1}, {0.9F, level + 1}})
      EXPECT_EQ(colour_of((static_cast<float>(level) + fraction) / 255, colour_map::grey).red, expected);
  const auto diverging = colours(colour_map::diverging);
  for (const float fraction : {0.1F, 0.4F, 0.6F, 0.9F})
    EXPECT_EQ(colour_of((-3 - fraction) / 128, colour_map::diverging),
              diverging[fraction < 0.5F ? 125 : 124]);
}

TEST(colour, colourise_colours_each_value_of_the_chosen_image) {
  tensor maps({2, 3, 1}, 2);
  for (std::size_t i = 0; i < maps.values.size(); ++i) maps.values[i] = static_cast<float>(i) / 12 - 0.5F;
  const picture out = colourise(maps, colour_map::diverging, 1);
  ASSERT_EQ(out.height, 2);
  ASSERT_EQ(out.width, 3);
  ASSERT_EQ(out.channels, 3);
  ASSERT_EQ(out.bytes.size(), 18U);
  for (std::size_t i = 0; i < 6; ++i) {
    const rgb expected = colour_of(maps.values[6 + i], colour_map::diverging);
    EXPECT_EQ((rgb{out.bytes[3 * i], out.bytes[3 * i + 1], out.bytes[3 * i + 2]}), expected);
  }
}

TEST(colour, colourise_takes_one_channel_of_an_image_that_exists) {
  EXPECT_THROW(colourise(tensor({2, 2, 3}), colour_map::grey), error);
  EXPECT_THROW(colourise(tensor({2, 2, 1}), colour_map::grey, 1), error);
  EXPECT_THROW(colourise(tensor({2, 2, 1}), colour_map::grey, -1), error);
}

}  // namespace
}  // namespace salient
