// SPDX-License-Identifier: MIT
#include "salient/view/report.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "laws/markup.hpp"
#include "salient/core/error.hpp"
#include "salient/view/html.hpp"

namespace salient {
namespace {

using laws::count, laws::flaw;

/// The first 24 bytes of a PNG file, which are all that a report reads.
std::vector<std::uint8_t> png(std::uint8_t width, std::uint8_t height) {
  return {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n',  0, 0, 0, 13,
          'I',  'H', 'D', 'R', 0,    0,    0,    width, 0, 0, 0, height};
}

report full(const std::string& text) {
  report r(text);
  r.lead(text).paragraph(text + "\n\n" + text);
  for (int i = 0; i < 2; ++i)
    r.section(text)
        .subsection(text)
        .paragraph(text)
        .facts({{text, text}, {text, text, "https://example.org/?a=1&b=\"" + text}})
        .figures({{png(28, 28), text + ".", text, 4}, {png(200, 100), text + ".", "", 1, true}})
        .add({text, {text, text}, {{text, text}, {"1", "2"}}})
        .code(text)
        .note(text);
  return r;
}

TEST(report, is_well_formed_whatever_the_text) {
  for (const std::string text :
       {"", "plain", "</p><script>alert('x')</script>", "a & b &amp; \"c\" <d>", "]]>", "\xFF\xC0\x80",
        "\xE2\x88\x82z/\xE2\x88\x82x", "\n\n\n", "<!--", "</style>"}) {
    EXPECT_EQ(flaw(full(text).html()), "") << text;
    EXPECT_EQ(full(text).html().find("<script"), std::string::npos);
  }
}

TEST(report, the_check_itself_finds_flaws) {
  EXPECT_NE(flaw("<p>"), "");
  EXPECT_NE(flaw("<b><i></b></i>"), "");
  EXPECT_NE(flaw("<p title=\"x></p>"), "");
  EXPECT_NE(flaw("<p id=\"a\"></p><p id=\"a\"></p>"), "");
  EXPECT_NE(flaw("<style></style>a & b"), "");
}

TEST(report, an_empty_one_is_a_page) {
  const std::string page = report("Maps", "en-GB").html();
  EXPECT_EQ(flaw(page), "");
  EXPECT_EQ(page.rfind("<!DOCTYPE html>\n<html lang=\"en-GB\">", 0), 0U);
  EXPECT_EQ(count(page, "<title>Maps</title>"), 1U);
  EXPECT_EQ(count(page, "<h1>Maps</h1>"), 1U);
  EXPECT_EQ(count(page, "<nav"), 0U);
}

TEST(report, fetches_nothing_and_follows_the_reader) {
  const std::string page = full("text").html();
  EXPECT_EQ(count(page, "<link"), 0U);
  EXPECT_EQ(count(page, "url("), 0U);
  EXPECT_EQ(count(page, "@import"), 0U);
  EXPECT_EQ(count(page, "src=\""), count(page, "src=\"data:image/png;base64,"));
  EXPECT_EQ(count(page, "prefers-color-scheme: dark"), 1U);
  EXPECT_EQ(count(page, "name=\"viewport\""), 1U);
  EXPECT_EQ(count(page, "charset=\"utf-8\""), 1U);
}

TEST(report, sections_are_listed_and_can_be_reached) {
  const std::string page =
      report("Title").section("One").paragraph("1").section("Two & a half").paragraph("2").html();
  EXPECT_EQ(count(page, "<section id=\"section-1\">\n<h2>One</h2>\n<p>1</p>\n</section>"), 1U);
  EXPECT_EQ(count(page, "<a href=\"#section-2\">Two &amp; a half</a>"), 1U);
  EXPECT_EQ(count(report("Title").section("Only").html(), "<nav"), 0U);
}

TEST(report, blocks_keep_their_order) {
  const std::string page =
      report("T").lead("first").paragraph("second\n\nthird").section("S").note("fourth").html();
  std::size_t at = 0;
  for (const char* text : {"first", "<p>second</p>", "<p>third</p>", "<h2>S</h2>", "fourth"}) {
    const std::size_t next = page.find(text);
    ASSERT_NE(next, std::string::npos) << text;
    EXPECT_GT(next, at) << text;
    at = next;
  }
}

TEST(report, figures_carry_their_bytes_size_and_words) {
  const auto bytes = png(28, 20);
  const std::string page = report("T").figures({{bytes, "a \"map\"", "Grad-CAM <7>", 4}}).html();
  EXPECT_EQ(count(page, base64(bytes)), 1U);
  EXPECT_EQ(count(page, "class=\"crisp\" width=\"112\" height=\"80\" alt=\"a &quot;map&quot;\""), 1U);
  EXPECT_EQ(count(page, "<figcaption>Grad-CAM &lt;7&gt;</figcaption>"), 1U);
  EXPECT_EQ(count(page, "image-rendering: pixelated"), 1U);

  const std::string plain = report("T").figures({{bytes, "a map"}}).html();
  EXPECT_EQ(count(plain, "<img width=\"28\" height=\"20\""), 1U);
  EXPECT_EQ(count(plain, "<figcaption>"), 0U);
  EXPECT_EQ(count(plain, "class=\"figures\""), 1U);
  EXPECT_EQ(count(report("T").figures({{bytes, "a map", "", 1, true}}).html(), "class=\"figures wide\""), 1U);
  EXPECT_EQ(count(report("T").figures({}).html(), "<div"), 0U);
  EXPECT_EQ(count(report("T").add({"", {"a"}, {{"1"}}}).html(), "class=\"scroll\""), 1U);
  EXPECT_EQ(count(report("T").add({"", {"a"}, {{"1"}}, true}).html(), "class=\"scroll wide\""), 1U);
}

TEST(report, figures_may_stand_in_files_beside_the_page) {
  const std::string page =
      report("T").figures({{.png = png(28, 14), .alt = "a map", .file = "a \"b\"/ä:1.png"}}).html();
  EXPECT_EQ(count(page, "src=\"./a%20%22b%22/%C3%A4%3A1.png\""), 1U);
  EXPECT_EQ(count(page, "base64"), 0U);
  EXPECT_EQ(flaw(page), "");
}

TEST(report, figures_must_be_pictures_with_words) {
  report r("T");
  EXPECT_THROW(r.figures({{{}, "a map"}}), error);
  EXPECT_THROW(r.figures({{{1, 2, 3}, "a map"}}), error);
  EXPECT_THROW(r.figures({{png(0, 4), "a map"}}), error);
  auto huge = png(1, 1);
  huge[16] = 0xFF;
  EXPECT_THROW(r.figures({{huge, "a map"}}), error);
  EXPECT_THROW(r.figures({{png(4, 4), ""}}), error);
  for (const int magnify : {0, -1, 65}) EXPECT_THROW(r.figures({{png(4, 4), "a map", "", magnify}}), error);
  EXPECT_EQ(r.html(), report("T").html());  // rejected content leaves nothing behind
}

TEST(report, facts_are_a_definition_list) {
  const std::string page =
      report("T")
          .facts({{"Needs", "a ReLU"}, {"Paper", "1412.6806", "https://arxiv.org/abs/1412.6806"}})
          .html();
  EXPECT_EQ(count(page, "<dt>Needs</dt>\n<dd>a ReLU</dd>"), 1U);
  EXPECT_EQ(count(page, "<dd><a href=\"https://arxiv.org/abs/1412.6806\">1412.6806</a></dd>"), 1U);
}

TEST(report, links_lead_to_the_web_the_page_or_beside_it) {
  for (const std::string link : {"http://a.org", "https://a.org", "#section-1", "./a.html"})
    EXPECT_NO_THROW(report("T").facts({{"a", "b", link}})) << link;
  for (const std::string link :
       {"javascript:alert(1)", "data:text/html,x", "a.html", " https://a.org", "JavaScript:x"})
    EXPECT_THROW(report("T").facts({{"a", "b", link}}), error) << link;
}

TEST(report, tables_align_numbers) {
  const std::string page = report("T")
                               .add({"Times",
                                     {"Method", "Time", "Gap", "Drop", "Remark"},
                                     {{"IG", "11.2 ms", "-0.31 %", "0.2", "50 steps, midpoint rule"},
                                      {"CAM", "0.4 ms", "", "\u2013", "1"}}})
                               .html();
  EXPECT_EQ(count(page, "<th scope=\"col\">Method</th>"), 1U);
  EXPECT_EQ(count(page, "<th scope=\"col\" class=\"number\">Time</th>"), 1U);
  EXPECT_EQ(count(page, "<td class=\"number\">-0.31 %</td>"), 1U);
  EXPECT_EQ(count(page, "<td class=\"number\">\u2013</td>"), 1U);
  EXPECT_EQ(count(page, "<td>50 steps, midpoint rule</td>"), 1U);
  EXPECT_EQ(count(page, "<caption>Times</caption>"), 1U);
  EXPECT_THROW(report("T").add({"", {"a", "b"}, {{"1"}}}), error);
}

}  // namespace
}  // namespace salient
