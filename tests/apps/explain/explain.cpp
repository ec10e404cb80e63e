// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "laws/markup.hpp"
#include "networks.hpp"
#include "program.hpp"
#include "salient/io/npy.hpp"
#include "salient/method/list.hpp"

namespace {

using nlohmann::json;
using salient::all_method_words;

json explained(const workshop& here, const std::string& arguments) {
  const ending e = here.run("explain", words(arguments + " --json"));
  EXPECT_EQ(e.code, 0) << arguments << ": " << e.err;
  return e.code == 0 ? json::parse(e.out) : json();
}

TEST(explain, asks_every_method_about_digit_0_unless_told_otherwise) {
  const workshop here;
  const ending e = here.run("explain", words("--method all --masks 30"));  // 4,000 take seconds
  ASSERT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(e.err, "");
  const auto folder = here / "salient-explain-out";
  std::ostringstream page;
  page << std::ifstream(folder / "index.html").rdbuf();
  EXPECT_EQ(salient::laws::flaw(page.str()), "");
  for (const salient::method_words& m : all_method_words) {
    const std::string picture = "digit-0." + std::string(m.name) + ".7.png";
    EXPECT_TRUE(std::filesystem::exists(folder / picture)) << picture;
    EXPECT_NE(page.str().find(picture), std::string::npos) << picture;
  }
}

TEST(explain, has_the_networks_of_the_demos) {
  const workshop here;
  boost::hana::for_each(salient::digits::networks, [&](const auto& entry) {
    using network = typename std::decay_t<decltype(entry)>::network;
    const std::string name(entry.name);
    const json all = explained(here, name + " 2 --method all --masks 30");
    ASSERT_FALSE(all.is_null());
    EXPECT_EQ(all.at("network"), name);
    EXPECT_EQ(all.at("structure").at("parameters"), network::parameters);
    EXPECT_EQ(all.at("images")[0].at("predictions")[0].at("class"), 1) << name;
    EXPECT_EQ(all.at("images")[0].at("maps").size() + all.at("methods_left_out").size(),
              salient::methods_count);
  });
  EXPECT_EQ(explained(here, "2 --method gradients").at("network"), "pooled_cnn");
}

TEST(explain, gives_the_map_of_the_methods_program) {
  const workshop here;
  const ending demo = here.run("grad-cam", words("--network deep_cnn --digits 11 --raw demo.npy"));
  ASSERT_EQ(demo.code, 0) << demo.err;
  const json all = explained(here, "deep_cnn 11 --method grad-cam --raw");
  const json& map = all.at("images")[0].at("maps")[0];
  const salient::npy own = salient::read_npy(here / map.at("raw").get<std::string>());
  const salient::npy other = salient::read_npy(here / "demo.npy");
  EXPECT_EQ(own.dimensions, other.dimensions);
  EXPECT_EQ(own.values, other.values);
  EXPECT_GT(std::ranges::max(own.values), 0);  // a map of zeros would prove nothing
}

TEST(explain, takes_digits_and_pictures) {
  const workshop here;
  const std::string seven = SALIENT_SOURCE_DIR "/tests/readme/seven.png";
  std::filesystem::copy_file(seven, here / "5");  // a number names a digit, ./5 a file
  const json all = explained(here, "cnn 3 " + seven + " --image 1 ./5 17:19 --method gradients");
  ASSERT_EQ(all.at("images").size(), 6U);
  const std::vector<std::pair<std::string, int>> expected{{"digit-3", 0}, {seven, 7},      {"digit-1", 2},
                                                          {"./5", 7},     {"digit-17", 7}, {"digit-18", 3}};
  for (const auto& [file, label] : expected) {
    const auto found =
        std::ranges::find_if(all.at("images"), [&](const json& i) { return i.at("file") == file; });
    ASSERT_NE(found, all.at("images").end()) << file;
    EXPECT_EQ(found->at("predictions")[0].at("class"), label) << file;
  }
}

TEST(explain, says_what_is_neither_network_nor_digit_nor_picture) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"cnm 7",
       "'cnm' is no digit's number and no file; a network is the first argument, one of perceptron, "
       "cnn, deep_cnn, pooled_cnn, resnet"},
      {"7 cnn", "'cnn' is no digit's number"},
      {"10000", "digits 0 to 9999, got 10000"},
      {"99999999999999999999", "digits 0 to 9999, got 99999999999999999999"},
      {"0:10001", "digits 0 to 9999, got 0:10001"},
      {"perceptron 7 --method cam", "cannot explain perceptron"}};
  const workshop here;
  for (const auto& [line, message] : cases) {
    const ending e = here.run("explain", words(line));
    EXPECT_EQ(e.code, 2) << line << e.err;
    EXPECT_NE(e.err.find(message), std::string::npos) << line << ": " << e.err;
    EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
    EXPECT_EQ(e.out, "") << line;
  }
  const ending absent = here.run("explain", {"absent.png"});
  EXPECT_EQ(absent.code, 1);
  EXPECT_NE(absent.err.find("absent.png: "), std::string::npos) << absent.err;
  EXPECT_EQ(here.files(), std::vector<std::string>{"salient-explain-out"});  // with a page that says so
}

}  // namespace
