// SPDX-License-Identifier: MIT
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "explainer/networks.hpp"
#include "explainer/pictures.hpp"
#include "explainer/structure.hpp"
#include "io/bad_input.hpp"
#include "io/sha256.hpp"
#include "program.hpp"
#include "salient/explainer/subject.hpp"
#include "salient/io/npy.hpp"
#include "salient/metric/correlation.hpp"

namespace salient::test {
namespace {

using nlohmann::json;
using salient::detail::sha256, salient::detail::sha256_of_file, explainer::structure_text;

TEST(structure, is_one_line_for_each_layer) {
  EXPECT_EQ(structure_text(tested::tiny::graph),
            "input 32x32x3\n"
            "1 stem conv2d of 0: 16x16x4, weight 4x3x3x3, bias 4\n"
            "2 1 relu of 1: 16x16x4\n"
            "3 features conv2d of 2: 16x16x6, weight 6x3x3x4, bias 6\n"
            "4 3 relu of 3: 16x16x6\n"
            "5 4 global_avg_pool of 4: 1x1x6\n"
            "6 5 flatten of 5: 1x1x6\n"
            "7 head dense of 6: 1x1x4, weight 4x1x1x6, bias 4\n");
}

TEST(certificate, says_how_each_map_was_made) {
  const workshop here;
  draw(here / "a.png");
  const ending e = here.run("explain-tiny",
                            ::words("a.png --json --method cam,grad_cam,guided_backprop,integrated_gradients "
                                    "--layer stem --target 2 --score probability --tolerance 0.25"));
  ASSERT_EQ(e.code, 0) << e.err;
  const json all = json::parse(e.out);
  EXPECT_EQ(all.at("salient"), SALIENT_VERSION);
  EXPECT_EQ(all.at("network"), "tiny");
  EXPECT_EQ(all.at("structure"), json({{"layers", 7},
                                       {"parameters", tested::tiny::parameters},
                                       {"sha256", sha256(structure_text(tested::tiny::graph))}}));
  EXPECT_EQ(all.at("weights_sha256"), sha256_of_file(SALIENT_TINY_WEIGHTS));
  const json& maps = all.at("images")[0].at("maps");
  ASSERT_EQ(maps.size(), 4U);
  for (const json& map : maps) {
    EXPECT_EQ(map.at("class"), 2);
    EXPECT_EQ(map.at("score"), "probability");
    EXPECT_TRUE(map.contains("probability"));
  }
  EXPECT_EQ(maps[0].at("layer"), "3");  // CAM's is the one that is pooled, whatever --layer says
  EXPECT_EQ(maps[1].at("layer"), "stem");
  EXPECT_FALSE(maps[2].contains("layer") || maps[2].contains("completeness_gap"));
  EXPECT_FALSE(maps[3].contains("layer"));
  EXPECT_LE(maps[3].at("completeness_gap"), 0.25);
  EXPECT_EQ(maps[3].at("options").at("tolerance"), 0.25);
  EXPECT_EQ(maps[3].at("options").at("steps"), 50);
  EXPECT_GE(maps[3].at("evaluations"), 50);
  EXPECT_FALSE(maps[2].contains("evaluations"));
}

TEST(certificate, has_the_relative_standard_error_of_a_method_that_samples) {
  const workshop here;
  draw(here / "a.png");
  const ending e = here.run("explain-tiny", ::words("a.png --json --method smooth_grad --target 1"));
  ASSERT_EQ(e.code, 0) << e.err;
  const json all = json::parse(e.out);
  const json& map = all.at("images")[0].at("maps")[0];
  const cpu device;
  const auto model = load<tested::tiny>(SALIENT_TINY_WEIGHTS, device);
  const auto expected = smooth_grad(model, read_image(here / "a.png", tested::tiny::input), logit(1));
  double errors = 0, magnitudes = 0;
  for (const float s : expected.standard_error.values) errors += s;
  for (const float v : expected.map.values) magnitudes += std::abs(v);
  EXPECT_GT(errors, 0);
  EXPECT_NEAR(map.at("relative_standard_error"), errors / magnitudes, 1e-4);
  EXPECT_EQ(map.at("evaluations"), expected.samples[0]);
  EXPECT_FALSE(map.contains("completeness_gap"));
}

/// Each map has a file beside its picture with what made it, and how alike the maps of the classes are.
TEST(certificate, lies_beside_every_picture) {
  const workshop here;
  draw(here / "a.png");
  const ending e = here.run(
      "explain-tiny",
      ::words("a.png --json --raw --top 3 --method gradients,eigen_cam --out maps --device cpu --std "
              "0.5 --channels bgr --resize 40 --filter bicubic"));
  ASSERT_EQ(e.code, 0) << e.err;
  const json all = json::parse(e.out);
  const json& became = all.at("preprocessing");
  EXPECT_EQ(became.at("std"), json({0.5}));
  EXPECT_EQ(became.at("mean"), json({0.5}));
  EXPECT_EQ(became.at("channels"), "bgr");
  EXPECT_EQ(became.at("resize"), 40);
  EXPECT_EQ(became.at("filter"), "bicubic");
  EXPECT_EQ(became.at("crop_first"), false);
  EXPECT_EQ(became.at("range"), 1);
  const json& maps = all.at("images")[0].at("maps");
  ASSERT_EQ(maps.size(), 6U);
  for (const json& map : maps) {
    std::ifstream in(here / map.at("certificate").get<std::string>());
    const json one = json::parse(in);
    EXPECT_EQ(one.at("map"), map);
    EXPECT_EQ(one.at("file"), "a.png");
    EXPECT_EQ(one.at("file_sha256"), sha256_of_file(here / "a.png"));
    for (const char* shared :
         {"salient", "network", "structure", "weights", "weights_sha256", "preprocessing", "device"})
      EXPECT_EQ(one.at(shared), all.at(shared)) << shared;
    EXPECT_EQ(one.size(), 10U);
    if (map.at("method") == "eigen_cam") {
      EXPECT_NEAR(map.at("class_correlation"), 1, 1e-6);
    }
  }
  // The mean of the correlations with the other two.
  const auto raw = [&](std::size_t k) {
    return read_npy(here / maps[2 * k].at("raw").get<std::string>()).values;
  };
  const auto alike = [&](std::size_t k, std::size_t other) {
    const std::vector<float> a = raw(k), b = raw(other);
    return *metrics::pearson<float>(a, b);
  };
  EXPECT_NEAR(maps[0].at("class_correlation"), (alike(0, 1) + alike(0, 2)) / 2, 1e-9);
  EXPECT_NEAR(maps[4].at("class_correlation"), (alike(2, 0) + alike(2, 1)) / 2, 1e-9);
  // Of one class it was not measured, and without --json there are no such files.
  const ending single = here.run("explain-tiny", ::words("a.png --json --method gradients --out one"));
  EXPECT_FALSE(json::parse(single.out).at("images")[0].at("maps")[0].contains("class_correlation"));
  ASSERT_EQ(here.run("explain-tiny", ::words("a.png --method gradients --out none")).code, 0);
  for (const auto& entry : std::filesystem::directory_iterator(here / "none"))
    EXPECT_NE(entry.path().extension(), ".json");
}

TEST(relative_error, is_that_of_sums) {
  using explainer::relative_error;
  const std::vector<float> map{2, -3}, errors{0.5F, 0}, none{0, 0};
  EXPECT_EQ(relative_error(map, errors), 0.1);
  EXPECT_EQ(relative_error(map, none), 0);
  EXPECT_EQ(relative_error(none, none), 0);
  EXPECT_EQ(relative_error(none, errors), std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace salient::test
