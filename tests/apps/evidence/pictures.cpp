// SPDX-License-Identifier: MIT
#include "evidence/pictures.hpp"

#include <sstream>

#include "explainer/pictures.hpp"
#include "laws/markup.hpp"
#include "made.hpp"
#include "salient/core/error.hpp"
#include "salient/io/npy.hpp"

namespace {

namespace evidence = salient::evidence;
namespace fs = std::filesystem;
using nlohmann::json;

std::vector<int> labels_of(const std::vector<evidence::labelled_picture>& pictures) {
  std::vector<int> labels;
  for (const auto& p : pictures) labels.push_back(p.label);
  return labels;
}

/// Pictures of other colours and sizes, in folders of their classes or all in one.
void draw_set(const workshop& here, const std::vector<std::string>& folders) {
  int n = 0;
  for (const std::string& folder : folders) {
    fs::create_directories(here / folder);
    draw(here / (folder + "/p" + std::to_string(n) + ".png"), 40 + n, 60 - 3 * n);
    ++n;
  }
}

TEST(find_pictures, takes_folders_in_folders_for_classes) {
  const workshop here;
  std::ofstream(here / "labels.txt") << "cat\ndog, hound\nowl\n";
  const salient::explainer::class_labels classes(here / "labels.txt", 3);
  draw_set(here, {"set/owl", "set/1", "set/hound", "flat", "flat"});
  const std::string set = (here / "set").string(), flat = (here / "flat").string();
  EXPECT_EQ(labels_of(evidence::find_pictures({set, flat}, classes)), (std::vector{1, 1, 2, -1, -1}));
  EXPECT_EQ(labels_of(evidence::find_pictures({set + "/owl/p0.png"}, classes)), std::vector{-1});
  draw_set(here, {"set/.thumbnails"});
  EXPECT_EQ(labels_of(evidence::find_pictures({set}, classes)), (std::vector{1, 1, 2}));
  fs::create_directories(here / "set/wolf");
  try {
    evidence::find_pictures({set}, classes);
    ADD_FAILURE();
  } catch (const salient::error& e) {
    EXPECT_NE(std::string(e.what()).find("set/wolf"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("'wolf'"), std::string::npos) << e.what();
  }
}

TEST(find_pictures, does_not_guess_the_class_of_pictures_beside_folders) {
  const workshop here;
  const salient::explainer::class_labels classes(3);
  draw_set(here, {"set/1", "set"});
  try {
    evidence::find_pictures({(here / "set").string()}, classes);
    ADD_FAILURE();
  } catch (const salient::error& e) {
    EXPECT_NE(std::string(e.what()).find("set: holds pictures beside folders"), std::string::npos)
        << e.what();
  }
}

const std::string asked = " --methods gradients,integrated_gradients,grad_cam";

written made_of(const workshop& here, const std::string& program, const std::string& arguments) {
  const ending e = here.run(program, words(arguments));
  EXPECT_EQ(e.code, 0) << e.err;
  return {read(here / "evidence.html"), read(here / "evidence.json"), e.out, e.err};
}

TEST(evidence_of_a_network, is_about_the_users_pictures) {
  const workshop here;
  draw_set(here, {"set", "set", "set", "set", "set"});
  const written w = made_of(here, "evidence-tiny", "set" + asked);
  EXPECT_EQ(salient::laws::flaw(w.page), "");
  EXPECT_NE(w.page.find("the same 5 pictures by tiny"), std::string::npos);
  EXPECT_NE(w.page.find("pictures of 32 by 32 pixels"), std::string::npos);
  EXPECT_EQ(w.page.find("digits"), std::string::npos);
  const json all = w.parsed();
  std::vector<std::string> names = all["images"];
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<std::string>{"p0.png", "p1.png", "p2.png", "p3.png", "p4.png"}));
  const json& network = all["networks"][0];
  EXPECT_EQ(network["name"], "tiny");
  EXPECT_TRUE(network["accuracy"].is_null());
  EXPECT_TRUE(network["examples"][0]["label"].is_null());
  ASSERT_EQ(network["methods"].size(), 3U);
  for (const json& m : network["methods"])
    for (const char* figure : {"deletion", "road_gain", "against", "parameters_half", "max_sensitivity"})
      EXPECT_TRUE(m["figures"][figure]["mean"].is_number()) << m["name"] << " " << figure;
  EXPECT_LT(network["methods"][1]["figures"]["completeness_gap"]["mean"].get<double>(), 0.01);
  // The same run again, but for the times; another preprocessing is another run.
  const std::string again = made_of(here, "evidence-tiny", "set" + asked).lasting();
  EXPECT_EQ(again == w.lasting(), true);
  EXPECT_EQ(made_of(here, "evidence-tiny", "set --mean 0.2" + asked).lasting() == again, false);
}

TEST(evidence_of_a_network, knows_classes_by_their_folders) {
  const workshop here;
  draw_set(here, {"set/0", "set/1", "set/2", "set/hound, basset", "set/2"});
  const json network = made_of(here, "evidence-tiny", "set --images 4" + asked).parsed()["networks"][0];
  const double right = network["accuracy"].get<double>() * 4;
  EXPECT_EQ(right, std::round(right));
  EXPECT_TRUE(network["examples"][0]["label"].is_number());
}

TEST(evidence_of_a_network, refuses_in_one_line) {
  struct refusal {
    std::string arguments;
    int code;
    std::string word;
  };
  const workshop here;
  draw_set(here, {"set", "one", "bad/0", "bad/wolf"});
  for (const auto& [arguments, code, word] : {refusal{"", 2, "name a picture"},
                                              {"one", 1, "two or more"},
                                              {"bad", 1, "bad/wolf"},
                                              {"one absent.png", 1, "absent.png"},
                                              {"one --networks tiny", 2, "--networks"},
                                              {"one --weights no.safetensors set", 1, "no.safetensors"},
                                              {"one --mean 1,2 set", 2, "--mean"}}) {
    const ending e = here.run("evidence-tiny", words(arguments));
    EXPECT_EQ(e.code, code) << arguments << ": " << e.err;
    EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
    EXPECT_NE(e.err.find(word), std::string::npos) << e.err;
    EXPECT_FALSE(fs::exists(here / "evidence.html"));
  }
}

TEST(evidence_of_a_network, holds_for_trained_weights) {
  const fs::path data = SALIENT_TEST_DATA "/cifar10";
  const workshop here;
  if (!fs::exists(fs::path(SALIENT_PROGRAMS) / "salient-evidence-resnet20"))
    GTEST_SKIP() << "needs resnet20.safetensors and cifar10_test.csv in " << data
                 << "; set SALIENT_TEST_DATA to the folder above and configure again";
  std::ifstream csv(data / "cifar10_test.csv");
  std::string line;
  for (int n = 0; n < 12 && std::getline(csv, line); ++n) {
    std::istringstream numbers(line);
    int label = 0, value = 0;
    char comma = 0;
    numbers >> label;
    std::vector<float> pixels;
    while (numbers >> comma >> value) pixels.push_back(static_cast<float>(value) / 255);
    const std::string folder = "set/" + std::to_string(label);
    fs::create_directories(here / folder);
    salient::write_npy(here / (folder + "/" + std::to_string(n) + ".npy"), pixels, {32, 32, 3});
  }
  const json network =
      made_of(here, "evidence-resnet20", "set --methods gradients,integrated_gradients,guided_backprop")
          .parsed()["networks"][0];
  EXPECT_EQ(network["accuracy"], 1);  // the network's first errors are later ones
  const auto mean = [&](int method, const char* figure) {
    return network["methods"][method]["figures"][figure]["mean"].get<double>();
  };
  EXPECT_GT(mean(2, "class_correlation"), mean(0, "class_correlation") + 0.3);
  EXPECT_GT(mean(1, "road_gain"), 0);
  EXPECT_EQ(network["methods"][1]["claims"]["needs_many_passes"], "yes");
}

}  // namespace
