// SPDX-License-Identifier: MIT
#include "salient/core/fitting.hpp"

#include "golden/pictures/references.hpp"
#include "io/bad_input.hpp"

namespace salient::test {
namespace {

TEST(fitting, is_that_of_torchvision_and_of_efficientnet_lite) {
  for (const auto& c : picture_references("fit")) {
    const auto source = c.at("source").get<std::vector<int>>(), to = c.at("to").get<std::vector<int>>();
    const fitting how{.resize = c.at("resize"),
                      .filter = c.at("filter") == "bilinear" ? filter::bilinear : filter::bicubic,
                      .crop_first = c.at("crop_first")};
    expect_pixels(fit(pattern(source[0], source[1], source[2]), {to[0], to[1]}, how), c, c.dump());
  }
}

TEST(fitting, leaves_a_picture_of_the_networks_size) {
  const picture p = pattern(20, 30, 3);
  EXPECT_EQ(fit(p, {20, 30}, {}), p);
  EXPECT_EQ(fit(p, {20, 30}, {.resize = 20}), p);
  EXPECT_EQ(fit(p, {20, 30}, {.resize = 20, .crop_first = true}), p);
  EXPECT_EQ(fit(p, {20, 20}, {.resize = 20}).bytes.size(), 1200U);
}

TEST(fitting, covers_an_input_of_another_shape) {
  for (const bool crop_first : {false, true})
    for (const auto& [height, width] : {std::pair{100, 10}, {10, 100}, {3, 3}, {1, 500}, {400, 400}}) {
      const picture found =
          fit(pattern(height, width, 1), {24, 40}, {.resize = 26, .crop_first = crop_first});
      EXPECT_EQ(found.height, 24);
      EXPECT_EQ(found.width, 40);
      EXPECT_EQ(found.bytes.size(), 960U);
    }
}

// The whole resized picture would have 2^34 pixels in a row.
TEST(fitting, of_a_long_strip_takes_only_its_middle) {
  const picture strip{1, 1 << 20, 1, std::vector<std::uint8_t>(1 << 20, 7)};
  EXPECT_EQ(fit(strip, {4, 4}, {.resize = 1 << 14}).bytes, std::vector<std::uint8_t>(16, 7));
}

TEST(fitting, refuses_another_size_unless_told_how) {
  const picture p = pattern(20, 30, 1);
  expect_error("fit", {"20x30", "28x28", "fitting{.resize"}, [&] { fit(p, {28, 28}, {}); });
  expect_error("fit", {"at least 0"}, [&] { fit(p, {28, 28}, {.resize = -1}); });
  expect_error("fit", {"2x2", "1 bytes"}, [] { fit({2, 2, 1, {0}}, {1, 1}, {.resize = 1}); });
}

}  // namespace
}  // namespace salient::test
