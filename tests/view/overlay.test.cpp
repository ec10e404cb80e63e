// SPDX-License-Identifier: MIT
#include "salient/view/overlay.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"
#include "view/maps.hpp"

namespace salient {
namespace {

constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
using bytes = std::vector<std::uint8_t>;

TEST(overlay, show_rounds_clamps_and_survives_non_finite_values) {
  const picture out = show(one_row({0, 0.5, 1, 2, -1, nan, inf, -inf}));
  EXPECT_EQ(out.height, 1);
  EXPECT_EQ(out.width, 8);
  EXPECT_EQ(out.channels, 1);
  EXPECT_EQ(out.bytes, (bytes{0, 128, 255, 255, 0, 0, 255, 0}));
}

TEST(overlay, show_keeps_rgb_and_picks_the_image) {
  tensor images({1, 1, 3}, 2);
  images.values = {0, 0, 0, 1, 0, 0.2F};
  const picture out = show(images, 1);
  EXPECT_EQ(out.channels, 3);
  EXPECT_EQ(out.bytes, (bytes{255, 0, 51}));
}

TEST(overlay, show_needs_a_picture) {
  EXPECT_THROW(show(tensor({2, 2, 2})), error);
  EXPECT_THROW(show(tensor({2, 2, 1}), 1), error);
  EXPECT_THROW(show(tensor{}), error);
}

TEST(overlay, alpha_runs_from_input_to_map) {
  const tensor map = one_row({-1, -0.5, 0, 0.25, 1});
  const picture grey{1, 5, 1, {0, 60, 120, 180, 255}};
  const picture none = overlay(grey, map, colour_map::diverging, {.alpha = 0, .opacity_by_magnitude = false});
  EXPECT_EQ(none.bytes, (bytes{0, 0, 0, 60, 60, 60, 120, 120, 120, 180, 180, 180, 255, 255, 255}));
  EXPECT_EQ(overlay(grey, map, colour_map::diverging, {.alpha = 1, .opacity_by_magnitude = false}),
            colourise(map, colour_map::diverging));
}

TEST(overlay, blends_by_hand) {
  const picture input{1, 1, 3, {100, 0, 200}};
  const picture out =
      overlay(input, one_row({1}), colour_map::grey, {.alpha = 0.5, .opacity_by_magnitude = false});
  EXPECT_EQ(out.bytes, (bytes{178, 128, 228}));
}

TEST(overlay, zero_leaves_the_input_and_opacity_grows_with_magnitude) {
  const picture input{1, 4, 1, {90, 90, 90, 90}};
  const picture out = overlay(input, one_row({0, nan, -0.5, -1}), colour_map::diverging, {.alpha = 1});
  EXPECT_EQ(bytes(out.bytes.begin(), out.bytes.begin() + 6), (bytes{90, 90, 90, 90, 90, 90}));
  const rgb half = colour_of(-0.5, colour_map::diverging), full = colour_of(-1, colour_map::diverging);
  EXPECT_EQ(out.bytes[8], static_cast<std::uint8_t>(std::lround((90 + half.blue) / 2.0)));
  EXPECT_EQ(out.bytes[11], full.blue);
}

TEST(overlay, uses_the_chosen_image) {
  tensor maps({1, 1, 1}, 2);
  maps.values = {0, 1};
  const picture input{1, 1, 1, {0}};
  EXPECT_EQ(overlay(input, maps, colour_map::grey, {.alpha = 1}, 0).bytes, (bytes{0, 0, 0}));
  EXPECT_EQ(overlay(input, maps, colour_map::grey, {.alpha = 1}, 1).bytes, (bytes{255, 255, 255}));
}

TEST(overlay, takes_images_and_maps_in_double) {
  basic_tensor<double> image({1, 3, 1});
  image.values = {-0.3, 0.4, std::nan("")};
  const picture shown = show(image);
  EXPECT_EQ(shown.bytes, show(tensor(image)).bytes);
  EXPECT_EQ(overlay(shown, image, colour_map::diverging).bytes,
            overlay(shown, tensor(image), colour_map::diverging).bytes);
  EXPECT_EQ(colourise(image, colour_map::sequential).bytes,
            colourise(tensor(image), colour_map::sequential).bytes);
}

TEST(overlay, rejects_what_does_not_fit) {
  const picture input{2, 2, 1, {0, 0, 0, 0}};
  EXPECT_THROW(overlay(input, tensor({1, 2, 1}), colour_map::grey), error);
  EXPECT_THROW(overlay(input, tensor({2, 2, 3}), colour_map::grey), error);
  EXPECT_THROW(overlay(picture{2, 2, 1, {0}}, tensor({2, 2, 1}), colour_map::grey), error);
  EXPECT_THROW(overlay(picture{2, 2, 4, bytes(16)}, tensor({2, 2, 1}), colour_map::grey), error);
  for (const double alpha : {-0.1, 1.1, std::nan("")})
    EXPECT_THROW(overlay(input, tensor({2, 2, 1}), colour_map::grey, {.alpha = alpha}), error);
}

}  // namespace
}  // namespace salient
