// SPDX-License-Identifier: MIT
#include "salient/view/text.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"
#include "salient/view/canvas.hpp"

namespace salient {
namespace {

/// The pixels of a text drawn at (4, 4), with space on all sides.
struct drawing {
  picture pixels;
  int left = 1 << 20, right = -1, top = 1 << 20, bottom = -1;  // bounding box of the ink, relative to (4, 4)

  explicit drawing(const std::string& text, int scale = 1)
      : pixels{40 * scale, text_width(text, scale) + 20, 1, {}} {
    pixels.bytes.resize(static_cast<std::size_t>(pixels.height * pixels.width));
    draw_text(pixels, 4, 4, text, {255, 255, 255}, scale);
    for (int y = 0; y < pixels.height; ++y)
      for (int x = 0; x < pixels.width; ++x)
        if (pixels.bytes[static_cast<std::size_t>(y * pixels.width + x)] != 0) {
          left = std::min(left, x - 4), right = std::max(right, x - 4);
          top = std::min(top, y - 4), bottom = std::max(bottom, y - 4);
        }
  }
  long ink() const { return std::count(pixels.bytes.begin(), pixels.bytes.end(), 255); }
};

TEST(text, every_printable_character_has_a_drawing_of_its_own) {
  std::set<std::string> seen;
  for (char c = '!'; c <= '~'; ++c) {
    const drawing d(std::string(3, c));
    EXPECT_GT(d.ink(), 0) << c;
    EXPECT_TRUE(seen.emplace(d.pixels.bytes.begin(), d.pixels.bytes.end()).second) << c;
  }
  EXPECT_EQ(drawing(" ").ink(), 0);
}

TEST(text, ink_keeps_to_its_measured_box) {
  for (char c = '!'; c <= '~'; ++c) {
    const std::string text(1, c);
    const drawing d(text);
    EXPECT_EQ(d.left, c == '1' ? 1 : 0) << c;  // as wide as the other digits
    EXPECT_EQ(d.right, text_width(text) - 1) << c;
    EXPECT_GE(d.top, 0) << c;
    EXPECT_LT(d.bottom, text_height) << c;
  }
}

TEST(text, letters_sit_on_the_baseline) {
  const auto row = [](char c) { return drawing(std::string(1, c)); };
  for (char c = 'A'; c <= 'Z'; ++c) EXPECT_TRUE(row(c).top == 0 && row(c).bottom == 6) << c;
  for (char c = '0'; c <= '9'; ++c) EXPECT_TRUE(row(c).top == 0 && row(c).bottom == 6) << c;
  for (const char c : std::string("bdfhiklt")) EXPECT_TRUE(row(c).top == 0 && row(c).bottom == 6) << c;
  for (const char c : std::string("acemnorsuvwxz")) EXPECT_TRUE(row(c).top == 2 && row(c).bottom == 6) << c;
  for (const char c : std::string("gpqy")) EXPECT_TRUE(row(c).top == 2 && row(c).bottom == 8) << c;
  EXPECT_EQ(row('j').bottom, 8);
}

TEST(text, digits_are_equally_wide) {
  for (char c = '0'; c <= '9'; ++c) EXPECT_EQ(text_width(std::string(1, c)), text_width("0")) << c;
}

TEST(text, width_adds_up_and_scales) {
  EXPECT_EQ(text_width(""), 0);
  EXPECT_EQ(text_width("Grad-CAM"), text_width("Grad") + 1 + text_width("-CAM"));
  EXPECT_EQ(text_width("one\nlonger\ntwo"), text_width("longer"));
  for (const int scale : {2, 3, 5}) {
    EXPECT_EQ(text_width("Gradients", scale), scale * text_width("Gradients"));
    EXPECT_EQ(drawing("Gradients", scale).ink(), scale * scale * drawing("Gradients").ink());
  }
}

TEST(text, a_newline_starts_a_line_below) {
  const drawing one("x"), two("x\nx");
  EXPECT_EQ(two.ink(), 2 * one.ink());
  EXPECT_EQ(two.right, one.right);
  EXPECT_EQ(two.bottom, one.bottom + line_height);
}

TEST(text, other_characters_are_one_box_each) {
  const drawing box("\x01");
  EXPECT_GT(box.ink(), 0);
  EXPECT_EQ(drawing("\x7F").pixels, box.pixels);
  EXPECT_EQ(drawing("\xC3\xA9").pixels, box.pixels);          // 2 bytes of UTF-8
  EXPECT_EQ(drawing("\xF0\x9F\x99\x82").pixels, box.pixels);  // 4 bytes
  EXPECT_EQ(text_width("a\xC3\xA9"
                       "b"),
            text_width("a\x01"
                       "b"));
}

TEST(text, takes_colour_and_is_cut_at_the_edges) {
  picture p = blank(7, 5, {255, 255, 255});
  draw_text(p, 0, 0, "E", {10, 20, 30});
  EXPECT_EQ(p.bytes[0], 10);
  EXPECT_EQ(p.bytes[1], 20);
  EXPECT_EQ(p.bytes[2], 30);
  draw_text(p, -3, -3, "Long text that leaves\nthe picture\non all sides", {0, 0, 0}, 3);
  EXPECT_EQ(p.bytes.size(), 7U * 5 * 3);
}

TEST(text, rejects_scales_below_one) {
  picture p = blank(9, 9, {});
  EXPECT_THROW(text_width("a", 0), error);
  EXPECT_THROW(draw_text(p, 0, 0, "a", {}, -1), error);
  EXPECT_THROW(wrap("a", 10, 0), error);
}

TEST(text, wraps_at_spaces) {
  using lines = std::vector<std::string>;
  EXPECT_EQ(wrap("Guided Grad-CAM", text_width("Grad-CAM")), (lines{"Guided", "Grad-CAM"}));
  EXPECT_EQ(wrap("Guided Grad-CAM", text_width("Guided Grad-CAM")), (lines{"Guided Grad-CAM"}));
  EXPECT_EQ(wrap("Grad-CAM", text_width("Grad-")), (lines{"Grad-", "CAM"}));
  EXPECT_EQ(wrap("-wide", text_width("-wid")), (lines{"-wid", "e"}));  // a sign is no hyphen
  EXPECT_EQ(wrap("one\ntwo  three ", 1000), (lines{"one", "two three"}));
  EXPECT_EQ(wrap("a\n\nb", 1000), (lines{"a", "", "b"}));
  EXPECT_EQ(wrap("", 1000), (lines{""}));
  EXPECT_EQ(wrap("abc", 0), (lines{"a", "b", "c"}));
}

TEST(text, wrapping_fits_and_loses_nothing) {
  const std::string text =
      "The gradients of the score, averaged along a straight-ish way; antidisestablishmentarianism.";
  const auto bare = [](std::string s) {
    std::erase_if(s, [](char c) { return c == ' '; });
    return s;
  };
  for (const int scale : {1, 2})
    for (int width = 6 * scale; width < 700; width += 7) {
      std::string joined;
      for (const auto& line : wrap(text, width, scale)) {
        EXPECT_LE(text_width(line, scale), width);
        joined += line;
      }
      EXPECT_EQ(bare(joined), bare(text)) << width;
    }
}

TEST(text, a_character_of_utf8_is_never_split) {
  for (const auto& line : wrap("\xC3\xA9\xC3\xA8\xC3\xAA", 6)) EXPECT_EQ(line.size(), 2U);
}

}  // namespace
}  // namespace salient
