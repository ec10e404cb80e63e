// SPDX-License-Identifier: MIT
#include "salient/view/sheet.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"
#include "salient/view/canvas.hpp"
#include "salient/view/text.hpp"

namespace salient {
namespace {

constexpr rgb paper{252, 252, 250};

rgb at(const picture& p, int x, int y) {
  const auto i = static_cast<std::size_t>(3 * (y * p.width + x));
  return {p.bytes[i], p.bytes[i + 1], p.bytes[i + 2]};
}

struct box {
  int left = 1 << 20, top = 1 << 20, right = -1, bottom = -1;
  long pixels = 0;
};

/// The bounding box of a colour's pixels.
box find(const picture& p, rgb colour) {
  box b;
  for (int y = 0; y < p.height; ++y)
    for (int x = 0; x < p.width; ++x)
      if (at(p, x, y) == colour) {
        b.left = std::min(b.left, x), b.right = std::max(b.right, x);
        b.top = std::min(b.top, y), b.bottom = std::max(b.bottom, y);
        ++b.pixels;
      }
  return b;
}

/// A unique colour for each cell, unlike those of the sheet itself.
rgb mark(int row, int column) {
  return {static_cast<std::uint8_t>(10 + row), static_cast<std::uint8_t>(200),
          static_cast<std::uint8_t>(column)};
}

/// Rows x columns of `side` x `side` pictures.
sheet grid(int rows, int columns, int side = 6) {
  sheet s;
  for (int r = 0; r < rows; ++r) {
    s.rows.push_back({"row " + std::to_string(r) + "\nsecond line", {}});
    for (int c = 0; c < columns; ++c) s.rows.back().cells.push_back(blank(side, side, mark(r, c)));
  }
  for (int c = 0; c < columns; ++c) s.columns.push_back("Column " + std::to_string(c));
  return s;
}

TEST(sheet, every_cell_is_whole_enlarged_and_evenly_spaced) {
  for (const int magnify : {1, 4, 7}) {
    sheet s = grid(3, 4);
    s.magnify = magnify;
    s.title = "Title";
    s.caption = "A caption that is long enough to be wrapped in a narrow sheet of small cells.";
    const picture p = draw(s);
    const box first = find(p, mark(0, 0)), next = find(p, mark(1, 1));
    for (int r = 0; r < 3; ++r)
      for (int c = 0; c < 4; ++c) {
        const box b = find(p, mark(r, c));
        EXPECT_EQ(b.pixels, 36 * magnify * magnify);
        EXPECT_EQ(b.right - b.left + 1, 6 * magnify);
        EXPECT_EQ(b.left, first.left + c * (next.left - first.left));
        EXPECT_EQ(b.top, first.top + r * (next.top - first.top));
      }
    EXPECT_GT(next.left, first.right + 1);
    EXPECT_GT(next.top, first.bottom + 1);
  }
}

TEST(sheet, cells_are_framed) {
  const picture p = draw(grid(1, 1));
  const box b = find(p, mark(0, 0));
  const rgb rule = at(p, b.left - 1, b.top - 1);
  EXPECT_NE(rule, paper);
  for (int x = b.left - 1; x <= b.right + 1; ++x) {
    EXPECT_EQ(at(p, x, b.top - 1), rule);
    EXPECT_EQ(at(p, x, b.bottom + 1), rule);
  }
  EXPECT_EQ(at(p, b.left - 2, b.top), paper);
}

TEST(sheet, pixels_stay_crisp) {
  sheet s;
  s.rows = {{"", {picture{1, 2, 1, {0, 255}}}}};
  s.magnify = 5;
  const picture p = draw(s);
  EXPECT_EQ(find(p, {0, 0, 0}).pixels, 25);
  EXPECT_EQ(find(p, {255, 255, 255}).pixels, 25);
}

TEST(sheet, has_an_empty_margin) {
  sheet s = grid(2, 3);
  s.title = "A title";
  s.caption = "A caption.";
  const picture p = draw(s);
  for (int i = 0; i < 8; ++i) {
    for (int x = 0; x < p.width; ++x)
      EXPECT_TRUE(at(p, x, i) == paper && at(p, x, p.height - 1 - i) == paper);
    for (int y = 0; y < p.height; ++y)
      EXPECT_TRUE(at(p, i, y) == paper && at(p, p.width - 1 - i, y) == paper);
  }
}

TEST(sheet, titles_of_neighbouring_columns_never_meet) {
  for (const int magnify : {1, 2, 4})
    for (const int scale : {1, 2, 3}) {
      sheet s = grid(1, 4, 28);
      s.rows[0].title = "";
      s.magnify = magnify;
      s.text_scale = scale;
      // Only the second column has a title, which must stay within the gaps beside it.
      s.columns = {"", "Deconvolution of Integrated Grad-CAM", "", ""};
      const picture p = draw(s);
      const box own = find(p, mark(0, 1)), before = find(p, mark(0, 0)), after = find(p, mark(0, 2));
      int left = 1 << 20, right = -1;
      for (int y = 0; y < own.top - 1; ++y)
        for (int x = 0; x < p.width; ++x)
          if (at(p, x, y) != paper) left = std::min(left, x), right = std::max(right, x);
      const int pitch = own.left - before.left, middle = (own.left + own.right) / 2;
      EXPECT_GT(right, left);
      EXPECT_GT(left, middle - pitch / 2);
      EXPECT_LT(right, middle + pitch / 2);
      EXPECT_EQ(after.left - own.left, pitch);
      EXPECT_NEAR((left + right) / 2.0, middle, 2 * scale);  // centred
    }
}

TEST(sheet, row_titles_stay_left_of_the_cells) {
  sheet s = grid(2, 2);
  s.columns.clear();
  s.rows[0].title = "label 4, says 9\n(62 %)";
  s.rows[1].title = std::string(400, 'W') + " and more";
  const picture p = draw(s);
  const box first = find(p, mark(0, 0)), second = find(p, mark(1, 0));
  for (int y = 0; y < p.height; ++y)
    for (int x = first.left - 8; x < first.left - 1; ++x) EXPECT_EQ(at(p, x, y), paper);
  EXPECT_GT(second.top, first.bottom);
}

TEST(sheet, smaller_pictures_are_centred) {
  sheet s = grid(1, 2, 10);
  s.rows[0].cells[1] = blank(4, 6, mark(0, 1));
  s.magnify = 2;
  s.columns.clear();
  s.rows[0].title = "";
  const picture p = draw(s);
  const box large = find(p, mark(0, 0)), small = find(p, mark(0, 1));
  EXPECT_EQ(small.pixels, 4 * 6 * 4);
  EXPECT_EQ(small.top - large.top, large.bottom - small.bottom);
}

TEST(sheet, parts_may_be_missing) {
  sheet s;
  EXPECT_GT(draw(s).bytes.size(), 0U);
  s = grid(2, 3);
  s.rows[0].cells[1] = picture{};  // a blank cell
  s.rows[1].cells.pop_back();      // a shorter row
  s.columns.resize(1);
  const picture p = draw(s);
  EXPECT_EQ(find(p, mark(0, 1)).pixels, 0);
  EXPECT_EQ(find(p, mark(0, 2)).left - find(p, mark(0, 0)).left,
            2 * (find(p, mark(1, 1)).left - find(p, mark(1, 0)).left));
}

TEST(sheet, the_gallery_fits_a_screen) {
  sheet s = grid(13, 9, 28);
  s.columns = {"Input",           "Gradients", "Gradients x Input", "Integrated Gradients", "Deconvolution",
               "Guided Backprop", "CAM",       "Grad-CAM",          "Guided Grad-CAM"};
  for (auto& row : s.rows) row.title = "label 4, says 9\n(62 %)";
  const picture p = draw(s);
  EXPECT_LE(p.width, 1400);
  EXPECT_EQ(find(p, mark(0, 1)).left - find(p, mark(0, 0)).left,
            4 * 28 + 16);  // the columns are not widened for a title
}

TEST(sheet, rejects_bad_sizes_and_pictures) {
  for (const int bad : {0, -1, 65, 1 << 30}) {
    sheet s = grid(1, 1);
    s.magnify = bad;
    EXPECT_THROW(draw(s), error) << bad;
    s = grid(1, 1);
    s.text_scale = bad;
    EXPECT_THROW(draw(s), error) << bad;
  }
  sheet s = grid(1, 1);
  s.rows[0].cells[0].bytes.pop_back();
  EXPECT_THROW(draw(s), error);
  s = grid(1, 1, 3000);
  s.magnify = 64;
  EXPECT_THROW(draw(s), error);
  s.rows[0].cells[0] = {1, 5'000'000, 1, std::vector<std::uint8_t>(5'000'000)};
  EXPECT_THROW(draw(s), error);
}

}  // namespace
}  // namespace salient
