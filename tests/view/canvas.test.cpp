// SPDX-License-Identifier: MIT
#include "salient/view/canvas.hpp"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"

namespace salient {
namespace {

constexpr rgb white{255, 255, 255}, black{0, 0, 0}, red{255, 0, 0};
using bytes = std::vector<std::uint8_t>;

rgb at(const picture& p, int x, int y) {
  const auto i = static_cast<std::size_t>(3 * (y * p.width + x));
  return {p.bytes[i], p.bytes[i + 1], p.bytes[i + 2]};
}

long count(const picture& p, rgb colour) {
  long result = 0;
  for (int y = 0; y < p.height; ++y)
    for (int x = 0; x < p.width; ++x) result += at(p, x, y) == colour;
  return result;
}

TEST(canvas, blank_is_one_colour) {
  const picture p = blank(3, 5, red);
  EXPECT_EQ(p.height, 3);
  EXPECT_EQ(p.width, 5);
  EXPECT_EQ(count(p, red), 15);
  EXPECT_TRUE(blank(0, 5, red).bytes.empty());
}

TEST(canvas, refuses_impossible_sizes) {
  EXPECT_THROW(blank(-1, 5, red), error);
  EXPECT_THROW(blank(1 << 30, 1 << 30, red), error);
  EXPECT_THROW(blank(0, std::numeric_limits<int>::max(), red), error);
  EXPECT_THROW(enlarge(blank(100, 100, red), 1 << 20), error);
  EXPECT_THROW(enlarge(blank(1, 1, red), 0), error);
}

TEST(canvas, fill_is_cut_at_the_edges) {
  struct area {
    int x, y, width, height;
    long inside;
  };
  constexpr int far = std::numeric_limits<int>::max(), low = std::numeric_limits<int>::min();
  for (const auto& a : {area{1, 1, 2, 2, 4}, area{-1, -1, 2, 2, 1}, area{3, 2, 9, 9, 4}, area{9, 9, 2, 2, 0},
                        area{0, 0, -3, 2, 0}, area{far, far, far, far, 0}, area{low, low, far, far, 0},
                        area{0, 0, far, far, 20}}) {
    picture p = blank(4, 5, white);
    fill(p, a.x, a.y, a.width, a.height, black);
    EXPECT_EQ(count(p, black), a.inside) << a.x << ' ' << a.y << ' ' << a.width << ' ' << a.height;
  }
}

TEST(canvas, a_frame_stands_outside_its_rectangle) {
  picture p = blank(6, 7, white);
  frame(p, 2, 2, 3, 2, black);
  EXPECT_EQ(count(p, black), 2 * 5 + 2 * 2);
  EXPECT_EQ(at(p, 1, 1), black);
  EXPECT_EQ(at(p, 5, 4), black);
  EXPECT_EQ(at(p, 2, 2), white);
  EXPECT_EQ(at(p, 4, 3), white);
}

TEST(canvas, paste_converts_and_is_cut) {
  picture p = blank(2, 3, white);
  paste(p, 2, 1, picture{2, 2, 1, {7, 8, 9, 10}});
  EXPECT_EQ(at(p, 2, 1), (rgb{7, 7, 7}));
  EXPECT_EQ(count(p, white), 5);
  paste(p, -1, 0, picture{1, 2, 3, {1, 1, 1, 255, 0, 0}});
  EXPECT_EQ(at(p, 0, 0), red);

  picture grey{1, 1, 1, {0}};
  paste(grey, 0, 0, blank(1, 1, red));
  EXPECT_EQ(grey.bytes, (bytes{76}));
}

TEST(canvas, enlarge_makes_squares) {
  const picture p = enlarge(picture{1, 2, 1, {3, 9}}, 2);
  EXPECT_EQ(p.height, 2);
  EXPECT_EQ(p.width, 4);
  EXPECT_EQ(p.bytes, (bytes{3, 3, 9, 9, 3, 3, 9, 9}));
  EXPECT_EQ(enlarge(blank(2, 3, red), 3), blank(6, 9, red));
}

TEST(canvas, a_picture_that_disagrees_with_itself_is_an_error) {
  picture p{2, 2, 1, {0, 0, 0}};
  EXPECT_THROW(fill(p, 0, 0, 1, 1, red), error);
  EXPECT_THROW(enlarge(p, 2), error);
  picture good = blank(2, 2, white);
  EXPECT_THROW(paste(good, 0, 0, p), error);
  EXPECT_THROW(enlarge(picture{1, 1, 2, {0, 0}}, 2), error);
}

}  // namespace
}  // namespace salient
