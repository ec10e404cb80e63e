// SPDX-License-Identifier: MIT

// The page in a browser, against the programs of this build.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "browser.hpp"
#include "program.hpp"
#include "salient/io/npy.hpp"
#include "server.hpp"

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const fs::path site = SALIENT_SITE;
const std::vector<std::string> networks{"perceptron", "cnn", "deep_cnn", "pooled_cnn", "resnet"};

/// Shows one of the test's pages, which uses the page, and returns what it reports.
class page : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(site / "index.html"))
      GTEST_SKIP() << "needs the page, which the test apps.web.build builds if it can";
    if (installed_browser().empty()) GTEST_SKIP() << "needs chromium or chromium-browser on the PATH";
  }

  json seen(const std::string& file, bool dark = false) {
    const workshop here;
    fs::create_directory(here / "browser");
    server s(site, SALIENT_PAGES);
    const browser b("http://127.0.0.1:" + std::to_string(s.port()) + "/test/" + file, here / "browser", dark);
    const auto report = s.report();
    console_ = b.console();
    if (!report) return {{"error", "the browser reported nothing; its console has: " + console_}};
    return json::parse(*report);
  }

  std::string console_;
};

TEST_F(page, is_smaller_than_a_megabyte) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(site)) bytes += entry.file_size();
  EXPECT_LT(bytes, 1'000'000U);
}

TEST_F(page, has_the_maps_of_the_native_programs) {
  const json report = seen("maps.html");
  ASSERT_TRUE(report.contains("found")) << report;
  EXPECT_EQ(console_, "");
  EXPECT_EQ(
      report["refused"],
      "the weights' '2.weight' is 16x16x3x3, but layer 2 (conv2d) expects 32x16x3x3; use the weights of "
      "this very network, or declare the network they are of");
  std::map<std::string, std::set<std::string>> methods;
  for (const json& one : report["found"]) methods[one["network"]].insert(one["method"]);
  std::map<std::string, json> native;  // by network, digit, class and method
  const workshop here;
  for (const std::string& network : networks)
    for (const std::string about : {"3", "7"}) {
      std::string asked;
      for (const std::string& method : methods[network]) asked += (asked.empty() ? "" : ",") + method;
      const ending e = here.run(
          "explain", words(network + " 0 1 2 --weights " SALIENT_WEIGHTS "/" + network +
                           ".safetensors --target " + about + " --steps 20 --raw --json --device cpu --out " +
                           network + about + " --method " + asked));
      ASSERT_EQ(e.code, 0) << e.err;
      const json all = json::parse(e.out);
      for (std::size_t digit = 0; digit < all["images"].size(); ++digit)
        for (const json& map : all["images"][digit]["maps"])
          native[network + std::to_string(digit) + about + std::string(map["method"])] = map;
    }
  std::map<std::string, int> compared;
  std::set<std::string> empty;
  for (const json& one : report["found"]) {
    const std::string name = std::string(one["network"]) + std::to_string(int(one["digit"])) +
                             std::to_string(int(one["about"])) + std::string(one["method"]);
    ASSERT_TRUE(native.contains(name)) << name;
    const json& map = native[name];
    const salient::npy file = salient::read_npy(here / map["raw"]);
    const std::vector<float> found = one["map"];
    ASSERT_EQ(found.size(), file.values.size()) << name;
    float largest = 0, apart = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      largest = std::max(largest, std::abs(file.values[i]));
      apart = std::max(apart, std::abs(found[i] - file.values[i]));
    }
    if (largest == 0) empty.insert(name);
    EXPECT_LE(apart, 1e-5F * largest) << name;
    if (one.contains("value")) {
      EXPECT_NEAR(one["value"], map["logit"], 1e-5 * std::max(1.0, std::abs(double(map["logit"])))) << name;
      if (one["method"] == "integrated_gradients") {
        const double change = std::abs(double(one["change"]));
        EXPECT_NEAR(one["gap"], double(map["completeness_gap"]) * change, 1e-5 * std::max(1.0, change))
            << name;
      }
    }
    ++compared[one["network"]];
  }
  // The parts of Grad-CAM that speak for a class, of which this network finds nothing in this digit.
  EXPECT_EQ(empty, (std::set<std::string>{"resnet23grad_cam", "resnet23guided_grad_cam"}));
  EXPECT_EQ(native.size(), 6U * (4 + 7 + 7 + 8 + 8));
  // Each map, and a deconvolution layer by layer for each digit of a network with convolutions.
  EXPECT_EQ(compared,
            (std::map<std::string, int>{
                {"perceptron", 24}, {"cnn", 45}, {"deep_cnn", 45}, {"pooled_cnn", 51}, {"resnet", 51}}));
}

void check_use(const json& w, bool dark) {
  const int width = w["width"];
  SCOPED_TRACE("at " + std::to_string(width) + " pixels");
  EXPECT_EQ(w["look"]["inner"], width);
  EXPECT_LE(w["look"]["across"], width) << "the page scrolls sideways";
  EXPECT_EQ(w["look"]["hidden"], 0) << "a part of the table of readings is outside the page";
  EXPECT_EQ(w["look"]["paper"], dark ? "rgb(21, 23, 28)" : "rgb(252, 252, 250)");
  EXPECT_EQ(w["look"]["text"], dark ? "rgb(232, 233, 236)" : "rgb(29, 31, 36)");
  EXPECT_EQ(w["nameless"], json::array());
  EXPECT_EQ(w["test_digit"]["label"], "Test digit 0, a 7");
  for (const std::string& network : networks) {
    EXPECT_EQ(w["test_digit"]["readings"][network][0], 7) << network;
    EXPECT_EQ(w["stroke"]["readings"][network][0], 1) << network;
    EXPECT_GT(w["stroke"]["readings"][network][1], 50) << network;
  }
  EXPECT_EQ(w["cleared"], json::array({1}));
  EXPECT_GT(w["stroke"]["digit"][0], 2);
  EXPECT_EQ(w["stroke"]["maps"].size(), 8U);
  for (const json& colours : w["stroke"]["maps"]) EXPECT_GT(colours, 20);
  for (const json& name : w["stroke"]["names"])
    EXPECT_NE(std::string(name).find("of class 1: strongest in the "), std::string::npos) << name;
  EXPECT_EQ(w["touched"].size(), 8U);
  for (const json& name : w["touched"])
    EXPECT_NE(std::string(name).find("of class 7: "), std::string::npos) << name;

  const auto percent = [](const std::string& gap) { return std::stod(gap.substr(gap.find(", ") + 2)); };
  EXPECT_GT(percent(w["gap_1"]), 5 * percent(w["gap_100"]));
  EXPECT_EQ(w["two"]["captions"], json::array({"7", "3", "7 rather than 3"}));
  for (const json& colours : w["two"]["maps"]) EXPECT_GT(colours, 20);
  const json& down = w["down"];  // texts and colours in turn, from the last layer to the pixels
  ASSERT_EQ(down.size(), 2U * 12);
  EXPECT_EQ(down[0], "Step 1 of 12: Layer layer3.0.1 (relu, 7x7x64)");
  EXPECT_EQ(down[1], 1) << "the pool spreads the score evenly";
  EXPECT_EQ(down[22], "Step 12 of 12: The pixels");
  for (std::size_t i = 5; i < down.size(); i += 2) EXPECT_GT(down[i], 20) << down[i - 1];
  EXPECT_EQ(w["perceptron"]["maps"], 4);
  EXPECT_EQ(w["perceptron"]["down"], "perceptron has no convolution to go back through.");
  EXPECT_NE(std::string(w["perceptron"]["words"])
                .find("Not of perceptron: CAM needs a network that ends in a global average pool"),
            std::string::npos)
      << w["perceptron"]["words"];
}

TEST_F(page, shows_what_is_drawn_and_asked_at_three_widths_dark_and_light) {
  for (const bool dark : {false, true}) {
    const json report = seen(dark ? "page.html?360" : "page.html?360,800,1280", dark);
    ASSERT_FALSE(report.contains("error")) << report["error"];
    EXPECT_EQ(console_, "");
    ASSERT_EQ(report["widths"].size(), dark ? 1U : 3U);
    for (const json& w : report["widths"]) check_use(w, dark);
    for (const std::string& network : networks) EXPECT_EQ(report["keyboard"][network][0], 1) << network;
  }
}

TEST_F(page, works_without_a_network_once_it_was_loaded) {
  const json report = seen("offline.html");
  ASSERT_FALSE(report.contains("error")) << report["error"];
  EXPECT_EQ(report["gone"], true);
  for (const std::string& network : networks) EXPECT_EQ(report["readings"][network][0], 7) << network;
}

}  // namespace
