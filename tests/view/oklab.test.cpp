// SPDX-License-Identifier: MIT
#include "salient/view/oklab.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace salient {
namespace {

// Computed from the matrices of CSS Color 4 (sRGB -> XYZ -> LMS -> OKLab), which the library does not use.
TEST(oklab, known_colours) {
  struct known {
    rgb colour;
    oklab expected;
  };
  for (const auto& [colour, expected] : std::vector<known>{{{255, 255, 255}, {1, 0, 0}},
                                                           {{0, 0, 0}, {0, 0, 0}},
                                                           {{255, 0, 0}, {0.62796, 0.22486, 0.12585}},
                                                           {{0, 255, 0}, {0.86644, -0.23389, 0.17950}},
                                                           {{0, 0, 255}, {0.45201, -0.03246, -0.31153}}}) {
    const oklab found = to_oklab(colour);
    EXPECT_NEAR(found.lightness, expected.lightness, 2e-4);
    EXPECT_NEAR(found.a, expected.a, 2e-4);
    EXPECT_NEAR(found.b, expected.b, 2e-4);
  }
}

TEST(oklab, comes_back_to_the_same_byte) {
  for (int r = 0; r < 256; r += 15)
    for (int g = 0; g < 256; g += 15)
      for (int b = 0; b < 256; b += 15) {
        const rgb colour{static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g),
                         static_cast<std::uint8_t>(b)};
        EXPECT_EQ(to_srgb(to_linear(to_oklab(colour))), colour);
      }
}

TEST(oklab, knows_what_srgb_can_show) {
  EXPECT_TRUE(to_linear({0.5, 0, 0}).in_gamut());
  EXPECT_FALSE(to_linear({0.5, 0.4, 0}).in_gamut());
  EXPECT_FALSE(to_linear({1.1, 0, 0}).in_gamut());
  EXPECT_EQ(to_srgb(to_linear({2, 0, 0})), (rgb{255, 255, 255}));
}

TEST(oklab, difference_is_a_distance) {
  EXPECT_DOUBLE_EQ(difference({0.5, 0.1, 0}, {0.5, 0.1, 0}), 0);
  EXPECT_DOUBLE_EQ(difference({0, 0, 0}, {1, 2, 2}), 3);
}

}  // namespace
}  // namespace salient
