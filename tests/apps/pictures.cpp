// SPDX-License-Identifier: MIT
#include <cmath>

#include <gtest/gtest.h>

#include "common/outcome.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "program.hpp"
#include "salient/io/png.hpp"

namespace {

using namespace salient;

/// The outcome that salient-grad-cam should compute.
apps::outcome grad_cam_of(const std::vector<long>& digits, bool relu) {
  apps::outcome o{.title = "Grad-CAM",
                  .asked = {},
                  .in = {},
                  .explained = {},
                  .milliseconds = 0,
                  .device = "",
                  .figures = {},
                  .by_target = true,
                  .of_feature_maps = true,
                  .colours = relu ? colour_map::sequential : colour_map::diverging};
  o.asked.digits = digits;
  o.in = apps::load_inputs(o.asked);
  const cpu device;
  const auto model = load<digits::pooled_cnn>(apps::weights_file("pooled_cnn"), device);
  o.explained = grad_cam(model, o.in.images, logit(), {.relu = relu});
  return o;
}

void expect_picture(const tensor& read, const picture& expected) {
  ASSERT_EQ(read.extent, (shape{expected.height, expected.width, expected.channels}));
  for (std::size_t i = 0; i < expected.bytes.size(); ++i)
    ASSERT_EQ(std::lround(read.values[i] * 255), expected.bytes[i]) << i;
}

TEST(pictures, are_sheets_with_a_row_a_digit) {
  const workshop here;
  ASSERT_EQ(here.run("grad-cam", words("--digits 5 --out one.png")).code, 0);
  ASSERT_EQ(here.run("grad-cam", words("--digits 5,8 --out two.png --no-relu")).code, 0);
  EXPECT_EQ(here.files(), (std::vector<std::string>{"one.png", "two.png"}));
  const tensor one = read_png(here / "one.png", 3), two = read_png(here / "two.png", 3);
  expect_picture(one, apps::draw(grad_cam_of({5}, true)));
  expect_picture(two, apps::draw(grad_cam_of({5, 8}, false)));
  EXPECT_GE(one.extent.width, 3 * 8 * 28);
  EXPECT_GE(two.extent.height, one.extent.height + 8 * 28);
}

TEST(pictures, of_every_program_show_the_digit_eight_times_as_large) {
  apps::settings s;
  const tensor digit = apps::load_inputs(s).images;
  for (const std::string& demo : demos) {
    const workshop here;
    ASSERT_EQ(here.run(demo, {}).code, 0) << demo;
    const tensor sheet = read_png(here / (demo + ".png"), 1);
    const auto is_at = [&](int top, int left) {
      for (int y = 0; y < 8 * 28; ++y)
        for (int x = 0; x < 8 * 28; ++x)
          if (std::abs(sheet(0, top + y, left + x, 0) - digit(0, y / 8, x / 8, 0)) > 1e-3F) return false;
      return true;
    };
    bool found = false;
    for (int top = 0; top + 8 * 28 <= sheet.extent.height && !found; ++top)
      for (int left = 0; left + 8 * 28 <= sheet.extent.width && !found; ++left) found = is_at(top, left);
    EXPECT_TRUE(found) << demo;
  }
}

}  // namespace
