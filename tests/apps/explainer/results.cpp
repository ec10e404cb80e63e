// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "explainer/networks.hpp"
#include "explainer/pictures.hpp"
#include "laws/markup.hpp"
#include "program.hpp"
#include "salient/method/list.hpp"

namespace {

using namespace salient;
using nlohmann::json;

TEST(explainer, writes_a_picture_for_each_method_and_a_page) {
  const workshop here;
  draw(here / "a cat.png");
  const ending e =
      here.run("explain-tiny", {"a cat.png", "--out", "all", "--method", "all", "--raw", "--masks", "30"});
  ASSERT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(e.err, "");
  std::ostringstream page;
  page << std::ifstream(here / "all/index.html").rdbuf();
  EXPECT_EQ(laws::flaw(page.str()), "");
  EXPECT_NE(page.str().find("a cat.png"), std::string::npos);
  int pictures = 0, maps = 0;
  for (const auto& entry : std::filesystem::directory_iterator(here / "all")) {
    const std::string extension = entry.path().extension();
    maps += extension == ".npy";
    if (extension != ".png") continue;
    ++pictures;
    std::string address = entry.path().filename();
    address.replace(address.find(' '), 1, "%20");
    EXPECT_NE(page.str().find("src=\"./" + address + "\""), std::string::npos) << address;
    EXPECT_EQ(read_png(entry.path(), 3).extent, (shape{224, 456, 3}));  // 32 x 7, twice, and a gap
  }
  EXPECT_EQ(pictures, static_cast<int>(methods_count));
  EXPECT_EQ(maps, static_cast<int>(methods_count));
  EXPECT_NE(e.out.find("page        all/index.html"), std::string::npos) << e.out;
}

TEST(explainer, says_in_json_what_the_library_computes) {
  const workshop here;
  draw(here / "a.png");
  draw(here / "b.png", 90, 50);
  const ending e =
      here.run("explain-tiny", words("a.png b.png --json --top 2 --raw --method grad_cam,"
                                     "integrated-gradients --layer stem --steps 20 --device cpu"));
  ASSERT_EQ(e.code, 0) << e.err;
  const json all = json::parse(e.out);
  EXPECT_EQ(all.at("device"), "cpu");
  ASSERT_EQ(all.at("images").size(), 2U);

  const cpu device;
  const auto model = load<tested::tiny>(SALIENT_TINY_WEIGHTS, device);
  for (const json& found : all.at("images")) {
    const tensor image = read_image(here / found.at("file").get<std::string>(), tested::tiny::input);
    const tensor scores = predict(model, image);
    const int best = found.at("predictions")[0].at("class");
    EXPECT_EQ(best, predicted_classes(scores)[0]);
    EXPECT_NEAR(found.at("predictions")[0].at("probability"),
                probabilities(scores).values[static_cast<std::size_t>(best)], 1e-5);
    ASSERT_EQ(found.at("maps").size(), 4U);
    for (const json& map : found.at("maps")) {
      const int c = map.at("class");
      const bool cam = map.at("method") == "grad_cam";
      const tensor expected = cam ? grad_cam<"stem">(model, image, logit(c)).map
                                  : integrated_gradients(model, image, logit(c), {.steps = 20}).map;
      const npy raw = read_npy(here / map.at("raw").get<std::string>());
      EXPECT_EQ(raw.dimensions, cam ? std::vector<long>({16, 16}) : std::vector<long>({32, 32, 3}));
      ASSERT_EQ(raw.values.size(), expected.values.size());
      for (std::size_t i = 0; i < raw.values.size(); ++i)
        EXPECT_NEAR(raw.values[i], expected.values[i], 1e-5) << map;
      EXPECT_NEAR(map.at("logit"), scores.values[static_cast<std::size_t>(c)], 1e-5);
      EXPECT_EQ(map.contains("completeness_gap"), !cam);
    }
  }
}

TEST(explainer, batches_and_threads_change_nothing) {
  const workshop here;
  for (const char* name : {"a.png", "b.png", "c.png", "d.png", "e.png"}) draw(here / name, 40 + name[0] % 7);
  const auto maps = [&](const std::string& how) {
    const ending e =
        here.run("explain-tiny",
                 words("a.png b.png c.png d.png e.png --json --raw --method all --masks 30 --out o " + how));
    EXPECT_EQ(e.code, 0) << e.err;
    const json found = json::parse(e.out);
    std::vector<float> all;
    for (const json& image : found.at("images"))
      for (const json& map : image.at("maps")) {
        const npy raw = read_npy(here / map.at("raw").get<std::string>());
        all.insert(all.end(), raw.values.begin(), raw.values.end());
      }
    return all;
  };
  const std::vector<float> one = maps("--batch 1 --device cpu");
  for (const char* how : {"--batch 2 --device cpu", "--batch 8 --threads 3", "--batch 3 --threads 2"}) {
    const std::vector<float> other = maps(how);
    ASSERT_EQ(other.size(), one.size());
    for (std::size_t i = 0; i < one.size(); ++i) ASSERT_NEAR(other[i], one[i], 1e-5) << how;
  }
}

TEST(explainer, tells_which_methods_it_leaves_out) {
  const workshop here;
  draw(here / "a.png");
  const ending e = here.run("explain-plain", words("a.png --json"));
  ASSERT_EQ(e.code, 0) << e.err;
  const json all = json::parse(e.out);
  std::vector<std::string> made, left_out;
  for (const json& map : all.at("images")[0].at("maps")) made.push_back(map.at("method"));
  for (const json& method : all.at("methods_left_out")) left_out.push_back(method.at("method"));
  EXPECT_EQ(made.size() + left_out.size(), methods_count);
  EXPECT_EQ(std::ranges::count(made, "gradients"), 1);
  for (const char* of_layer : {"deconvolution", "cam", "grad_cam", "eigen_cam"})
    EXPECT_EQ(std::ranges::count(left_out, of_layer), 1) << of_layer;
  EXPECT_EQ(std::ranges::count(left_out, "rise"), 1) << "slow, and nobody asked for it";
  const std::string told = here.run("explain-plain", words("a.png")).out;
  EXPECT_NE(told.find("left out    grad_cam, which needs a layer"), std::string::npos) << told;
  EXPECT_NE(told.find("left out    rise, which needs minutes for a large network"), std::string::npos)
      << told;
}

}  // namespace
