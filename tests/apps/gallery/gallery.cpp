// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "gallery/pictures.hpp"
#include "laws/markup.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "program.hpp"
#include "salient/io/png.hpp"
#include "salient/method/list.hpp"
#include "salient/view/canvas.hpp"
#include "salient/view/overlay.hpp"

namespace {

using salient::laws::count, salient::laws::flaw;

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Runs the gallery and returns its page.
std::string made(const workshop& here, const std::string& arguments) {
  const ending e = here.run("gallery", words("--out g --images 200 " + arguments));
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(e.out, "picture  g/gallery.png\npage     g/gallery.html\n");
  return read(here / "g/gallery.html");
}

/// All matches of the first group of `pattern`.
std::vector<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex r(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), r); i != std::sregex_iterator(); ++i)
    found.push_back((*i)[1]);
  return found;
}

/// The text between a heading and the next.
std::string section(const std::string& page, const std::string& heading) {
  const std::size_t at = page.find("<h2>" + heading + "</h2>");
  EXPECT_NE(at, std::string::npos) << heading;
  return page.substr(at, page.find("</section>", at) - at);
}

/// The cells of the table row whose first cell is `first`.
std::vector<std::string> row(const std::string& page, const std::string& first) {
  const std::size_t at = page.find("<tr><td>" + first + "</td>");
  EXPECT_NE(at, std::string::npos) << first;
  return all_matches(page.substr(at, page.find("</tr>", at) - at), "<td[^>]*>([^<]*)</td>");
}

bool holds_at(const salient::tensor& sheet, const salient::picture& what, int top, int left) {
  for (int y = 0; y < what.height; ++y)
    for (int x = 0; x < what.width; ++x) {
      const auto byte = what.bytes[static_cast<std::size_t>(y * what.width + x)];
      if (sheet(0, top + y, left + x, 0) != static_cast<float>(byte) / 255.0F) return false;
    }
  return true;
}

bool holds(const salient::tensor& sheet, const salient::picture& what) {
  for (int y = 0; y + what.height <= sheet.extent.height; ++y)
    for (int x = 0; x + what.width <= sheet.extent.width; ++x)
      if (holds_at(sheet, what, y, x)) return true;
  return false;
}

TEST(gallery, draws_the_digits_it_was_asked_for_and_no_other) {
  const workshop here;
  made(here, "--digits 3,0");
  const salient::tensor sheet = salient::read_png(here / "g/gallery.png", 3);
  // 2 rows and 9 columns of digits, above 8 rows and 10 columns of targets
  EXPECT_GE(sheet.extent.height, 10 * 28 * gallery::magnify);
  EXPECT_GE(sheet.extent.width, 10 * 28 * gallery::magnify);
  const salient::labelled_images set = apps::test_digits();
  const auto digit = [&](long n) { return salient::enlarge(salient::show(set.images, n), gallery::magnify); };
  EXPECT_TRUE(holds(sheet, digit(3)));
  EXPECT_TRUE(holds(sheet, digit(0)));
  EXPECT_FALSE(holds(sheet, digit(1)));
}

TEST(gallery, page_is_sound_and_needs_no_other_file) {
  const workshop here;
  const std::string page = made(here, "--digits 3,0");
  EXPECT_EQ(flaw(page), "");
  EXPECT_EQ(count(page, "src=\""), count(page, "src=\"data:image/png;base64,"));
  for (const char* fetches : {"<link", "<script", "url(", "@import", "<iframe"})
    EXPECT_EQ(count(page, fetches), 0U);
  EXPECT_EQ(count(page, "prefers-color-scheme: dark"), 1U);
  // two digits by each method, the digit asked about, and both sheets
  EXPECT_EQ(count(page, "<img"), 2U * salient::methods_count + 3U);
  for (const salient::method_words& m : salient::all_method_words) {
    const std::string of = section(page, std::string(m.title));
    EXPECT_EQ(count(of, "<img"), 2U);
    for (const char* term : {"Needs", "Good at", "Bad at", "Here", "Time", "Classes", "Program", "Paper"})
      EXPECT_EQ(count(of, std::string("<dt>") + term + "</dt>"), 1U) << m.title << ": " << term;
    EXPECT_EQ(count(of, std::string(m.link)), 1U);
    const std::string program = "<dd>salient-explain --method " + std::string(m.name);
    EXPECT_EQ(count(of, program + (m.name == "rise" ? " --masks 400</dd>" : "</dd>")), 1U) << m.title;
    EXPECT_EQ(count(of, std::string(m.does.substr(0, m.does.find_first_of("'\"&<>")))), 1U) << m.title;
  }
}

TEST(gallery, measures_the_networks) {
  const workshop here;
  const std::string page = made(here, "--digits 3");
  boost::hana::for_each(salient::digits::networks, [&](const auto& e) {
    using network = typename std::decay_t<decltype(e)>::network;
    const auto cells = row(page, std::string(e.name));
    ASSERT_EQ(cells.size(), 5U);
    EXPECT_EQ(cells[1], std::to_string(network::parameters));
    EXPECT_GT(std::stod(cells[2]), 95) << e.name;  // per cent of the first 200
    EXPECT_LE(std::stod(cells[2]), 100);
  });
}

TEST(gallery, measures_which_methods_follow_the_class) {
  const workshop here;
  const std::string page = made(here, "--digits 3,0");
  std::map<std::string, double> alike;
  for (const salient::method_words& m : salient::all_method_words) {
    const auto cells = row(page, std::string(m.title));
    ASSERT_EQ(cells.size(), 3U);
    EXPECT_LE(std::abs(std::stod(cells[2])), 1);
    alike[std::string(m.title)] = std::stod(cells[1]);
    EXPECT_LE(std::abs(alike[std::string(m.title)]), 1);
  }
  EXPECT_GT(alike["Guided Backpropagation"], alike["Gradients"]);
  EXPECT_GT(alike["Guided Backpropagation"], alike["Integrated Gradients"]);
  EXPECT_GT(alike["Deconvolution"], alike["CAM"]);
}

TEST(gallery, reports_the_completeness_gap) {
  const workshop here;
  const std::string of = section(made(here, "--digits 3,0"), "Integrated Gradients");
  const auto gap = all_matches(of, "misses the change of the score from a black image by ([0-9.]+) %");
  ASSERT_EQ(gap.size(), 1U);
  EXPECT_LT(std::stod(gap[0]), 2);
}

TEST(gallery, says_who_stands_in) {
  const workshop here;
  const std::string own = made(here, "--digits 3");
  EXPECT_EQ(own.find("is asked instead"), std::string::npos);
  const std::string cnn = made(here, "--digits 3 --network cnn");
  EXPECT_NE(cnn.find("what CAM needs, so there pooled_cnn is asked instead"), std::string::npos);
  EXPECT_NE(section(cnn, "CAM").find("Asked of pooled_cnn"), std::string::npos);
  EXPECT_NE(section(cnn, "Grad-CAM").find("Asked of cnn"), std::string::npos);
  const std::string perceptron = made(here, "--digits 3 --network perceptron");
  EXPECT_NE(perceptron.find("what Deconvolution, CAM, Grad-CAM, Guided Grad-CAM, Layer"), std::string::npos);
}

TEST(gallery, chooses_one_of_each_class) {
  const workshop here;
  const std::string page = made(here, "--network perceptron");
  const auto captions = all_matches(section(page, "Gradients"), "<figcaption>([^<]*)</figcaption>");
  ASSERT_GE(captions.size(), 10U);
  for (std::size_t c = 0; c < 10; ++c) EXPECT_EQ(captions[c], std::to_string(c));
  for (std::size_t i = 10; i < captions.size(); ++i)
    EXPECT_NE(captions[i].find(" read as "), std::string::npos);
}

TEST(gallery, is_the_same_on_each_device) {
  const workshop here;
  made(here, "--digits 3 --device cpu");
  const std::string one = read(here / "g/gallery.png");
  made(here, "--digits 3 --device cpu_pool --threads 3");
  EXPECT_EQ(one == read(here / "g/gallery.png"), true);
}

TEST(gallery, refuses_in_one_line) {
  struct refusal {
    std::string arguments;
    int code;
    std::string word;
  };
  for (const auto& [arguments, code, word] : {refusal{"--digits seven", 2, "'seven'"},
                                              {"--digits 1,,2", 2, "'1,,2'"},
                                              {"--network vgg", 2, "vgg"},
                                              {"--images 0", 2, "--images"},
                                              {"--threads 2 --device cpu", 2, "--threads"},
                                              {"surplus", 2, "surplus"},
                                              {"--digits 3,10000", 2, "0 to 9999"},
                                              {"--images 10001", 2, "10001"},
                                              {"--out file", 1, "file"},
                                              {"--out file/below", 1, "file/below"},
                                              {"--out picture", 1, "picture/gallery.png"},
                                              {"--out page", 1, "page/gallery.html"},
                                              {"--threads -1", 2, "-1"}}) {
    const workshop here;
    std::ofstream(here / "file") << "kept";
    std::filesystem::create_directories(here / "picture/gallery.png");
    std::filesystem::create_directories(here / "page/gallery.html");
    const ending e = here.run("gallery", words(arguments));
    EXPECT_EQ(e.code, code) << arguments << ": " << e.err;
    EXPECT_EQ(e.out, "");
    EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
    EXPECT_NE(e.err.find(word), std::string::npos) << e.err;
    EXPECT_EQ(read(here / "file"), "kept");
    EXPECT_FALSE(std::filesystem::exists(here / "gallery/gallery.html"));
  }
}

TEST(gallery, help_lists_its_flags) {
  const workshop here;
  const ending e = here.run("gallery", {"--help"});
  EXPECT_EQ(e.code, 0);
  for (const char* flag : {"--out", "--digits", "--images", "--network", "--device", "--threads", "--help"})
    EXPECT_NE(e.out.find(std::string("  ") + flag), std::string::npos) << flag;
  EXPECT_TRUE(here.files().empty());
}

}  // namespace
