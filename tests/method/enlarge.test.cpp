// SPDX-License-Identifier: MIT
#include "salient/method/enlarge.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "laws/method_laws.hpp"
#include "salient/networks/resnet.hpp"
#include "salient/salient.hpp"

namespace salient {
namespace {

using namespace laws;

constexpr auto aligned = map_alignment::receptive_field;

/// A map that is 1 at one cell.
basic_tensor<double> spike(shape extent, int y, int x) {
  basic_tensor<double> map({extent.height, extent.width, 1});
  map(0, y, x, 0) = 1;
  return map;
}

TEST(enlarge, puts_a_cell_of_a_valid_convolution_at_the_middle_of_its_window) {
  using once = network<input<7, 8>, conv2d<1, 3>>;
  using twice = network<input<7, 8>, conv2d<1, 3>, conv2d<1, 3>>;
  for (const auto how : {interpolation::bilinear, interpolation::nearest}) {
    const auto one = enlarge<once>(spike({5, 6, 1}, 1, 2), 1, aligned, how);
    ASSERT_EQ(one.extent, (shape{7, 8, 1}));
    for (int y = 0; y < 7; ++y)
      for (int x = 0; x < 8; ++x) EXPECT_EQ(one(0, y, x, 0), y == 2 && x == 3) << y << ", " << x;
  }
  // Cell (0, 0) lies at pixel (2, 2) and goes on to the border.
  const auto corner = enlarge<twice>(spike({3, 4, 1}, 0, 0), 2, aligned);
  for (int y = 0; y < 7; ++y)
    for (int x = 0; x < 8; ++x) EXPECT_EQ(corner(0, y, x, 0), y <= 2 && x <= 2) << y << ", " << x;
  // Stretched, the same cell is spread about (0.67, 0.5).
  EXPECT_LT(enlarge<twice>(spike({3, 4, 1}, 0, 0), 2)(0, 2, 2, 0), 0.5);
}

TEST(enlarge, interpolates_between_the_centres) {
  // Cell i sees the pixels from 2 i to 2 i + 2: its centre is 2 i + 1.
  using net = network<input<7, 1>, conv2d<1, size{3, 1}, with{.stride = size{2, 1}}>>;
  basic_tensor<double> map({3, 1, 1});
  map.values = {4, 8, 2};
  EXPECT_EQ(enlarge<net>(map, 1, aligned).values, (std::vector<double>{4, 4, 6, 8, 5, 2, 2}));
  EXPECT_EQ(enlarge<net>(map, 1, aligned, interpolation::nearest).values,
            (std::vector<double>{4, 4, 4, 8, 8, 2, 2}))
      << "of two centres that are equally near the first";
  // Windows of two have their centres between pixels: cell 0's at 0.5, as when stretched.
  using halves = network<input<6, 1>, max_pool<size{2, 1}>>;
  EXPECT_EQ(enlarge<halves>(map, 1, aligned).values, enlarge<halves>(map, 1).values);
}

TEST(enlarge, follows_padding_on_one_side) {
  // Four rows of padding above: cell i sees the pixels from i - 4 to i, the middle of which is i - 2.
  using net = network<input<6, 6>, conv2d<1, 5, with{.padding = padding{4, 2, 0, 2}}>>;
  const auto moved = enlarge<net>(spike({6, 6, 1}, 4, 3), 1, aligned);
  EXPECT_EQ(moved.values, spike({6, 6, 1}, 2, 3).values);
}

/// Cell i of ResNet's last layer has its centre at pixel 32 i, a stretched map's at 32 i + 15.5.
TEST(enlarge, moves_a_resnets_cells_by_half_a_stride) {
  using net = networks::resnet18;
  constexpr receptive_fields f = receptive_field<net>(net::find("layer4"));
  static_assert(f.y.stride == 32 && f.y.first + (f.y.size - 1) / 2.0 == 0);
  const auto map = random_images<double>({7, 7, 1});
  const auto moved = enlarge<net>(map, aligned), stretched = enlarge<net>(map);
  EXPECT_EQ((enlarge<net, "layer4">(map, aligned).values), moved.values);
  EXPECT_EQ(moved(0, 64, 32, 0), map(0, 2, 1, 0));
  for (int y = 0; y < 208; ++y)
    for (int x = 0; x < 208; ++x) {
      const double between = (stretched(0, y + 15, x + 15, 0) + stretched(0, y + 16, x + 16, 0) +
                              stretched(0, y + 15, x + 16, 0) + stretched(0, y + 16, x + 15, 0)) /
                             4;
      ASSERT_NEAR(moved(0, y, x, 0), between, 0.05) << y << ", " << x;
    }
}

TEST(enlarge, changes_nothing_where_every_cell_sees_its_own_pixel_in_the_middle) {
  using same = network<input<6, 5>, conv2d<2, 3, with{.padding = 1}>, relu, flatten, dense<2>>;
  const auto map = random_images<double>({6, 5, 2}, 2);
  EXPECT_EQ((enlarge<same>(map, aligned).values), map.values);
}

TEST(enlarge, is_resample_unless_told_otherwise) {
  const auto map = random_images<double>({3, 6, 2}, 2);
  using net = network<input<8, 13>, conv2d<2, 3, with{.stride = 2, .padding = padding{0, 0, 0, 0}}>>;
  for (const auto how : {interpolation::bilinear, interpolation::nearest})
    EXPECT_EQ(enlarge<net>(map, 1, map_alignment::stretch, how).values, resample(map, {8, 13}, how).values);
}

TEST(enlarge, stretches_what_has_no_centres) {
  using pooled = network<input<7, 8>, adaptive_avg_pool<size{3, 4}>>;  // rows of several sizes
  const auto map = random_images<double>({3, 4, 1});
  expect_near(enlarge<pooled>(map, 1, aligned), enlarge<pooled>(map, 1), 1e-14);
}

TEST(enlarge, refuses_maps_of_another_layer) {
  using net = network<input<7, 8>, conv2d<1, 3>>;
  try {
    enlarge<net>(tensor({5, 5, 1}), 1);
    FAIL();
  } catch (const error& e) {
    EXPECT_STREQ(e.what(),
                 "enlarge: the maps are 5x5, but the layer's output is 5x6; name the layer that they are of");
  }
}

}  // namespace
}  // namespace salient
