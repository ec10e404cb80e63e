// SPDX-License-Identifier: MIT
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "explainer/explained.hpp"
#include "explainer/pictures.hpp"
#include "program.hpp"
#include "salient/device/error.hpp"
#include "salient/io/npy.hpp"

namespace {

using nlohmann::json;

TEST(explainer_failures, of_one_picture_leave_the_others) {
  const workshop here;
  draw(here / "a.png");
  std::ofstream(here / "b.png") << "no picture";
  draw(here / "c.png");
  const ending e = here.run("explain-tiny", words("a.png b.png absent.jpg c.png --method gradients --json"));
  EXPECT_EQ(e.code, 1);
  const json all = json::parse(e.out);
  EXPECT_EQ(all.at("images").size(), 2U);
  ASSERT_EQ(all.at("failures").size(), 2U);
  EXPECT_EQ(all.at("failures")[0].at("file"), "b.png");
  EXPECT_NE(e.err.find("salient-explain-tiny: b.png: is not a PNG, a JPEG or an NPY file"), std::string::npos)
      << e.err;
  EXPECT_NE(e.err.find("salient-explain-tiny: absent.jpg: "), std::string::npos) << e.err;
  EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 2);
}

// A batch whose scores are not finite is tried picture by picture.
TEST(explainer_failures, of_values_that_overflow_are_of_one_picture) {
  const workshop here;
  std::vector<float> values(32UL * 32 * 3, 0.5F);
  salient::write_npy(here / "a.npy", values, {32, 32, 3});
  values.assign(values.size(), 3e38F);
  salient::write_npy(here / "b.npy", values, {32, 32, 3});
  const ending e = here.run("explain-tiny", words("a.npy b.npy a.npy --method gradients,grad_cam --json"));
  EXPECT_EQ(e.code, 1) << e.err;
  const json all = json::parse(e.out);
  ASSERT_EQ(all.at("images").size(), 2U);
  EXPECT_EQ(all.at("images")[1].at("maps")[0].at("picture").get<std::string>().find(
                "salient-explain-tiny-out/a-2."),
            0U);
  ASSERT_EQ(all.at("failures").size(), 1U);
  EXPECT_NE(all.at("failures")[0].at("reason").get<std::string>().find("not finite"), std::string::npos);
}

TEST(explainer_failures, of_what_all_pictures_need_stop_at_once) {
  const workshop here;
  draw(here / "a.png");
  std::ofstream(here / "labels.txt") << "one\ntwo\n";
  std::ofstream(here / "file") << "";
  std::filesystem::create_directory(here / "empty");
  for (const auto& [line, message] : std::vector<std::pair<std::string, std::string>>{
           {"a.png --weights none.safetensors", "none.safetensors: "},
           {"a.png --labels labels.txt", "has 2 names, and the network has 4 classes"},
           {"a.png --out file", "file: cannot be created as a folder"},
           {"empty", "empty: holds no PNG, JPEG or NPY file"},
           {"none.txt", "none.txt: there is no such file"}}) {
    const ending e = here.run("explain-tiny", words(line));
    EXPECT_EQ(e.code, 1) << line << e.err;
    EXPECT_NE(e.err.find(message), std::string::npos) << e.err;
    EXPECT_EQ(e.out, "");
  }
}

/// A model that fails.
template <class Error>
struct failing final : salient::explainer::explained_model {
  failing() : explained_model({}) {}
  std::string device() const override { return "none"; }
  const salient::tensor& look(const salient::tensor&) override { throw Error("it fails"); }
  salient::explainer::answer explain(salient::method_kind, const std::vector<int>&) override { return {}; }
};

TEST(explainer_failures, of_a_device_are_of_no_picture) {
  namespace explainer = salient::explainer;
  const workshop here;
  draw(here / "a.png", 32, 32);
  explainer::request asked{.labels = explainer::class_labels(4)};
  asked.pictures.add((here / "a.png").string());
  explainer::network_facts network{};
  network.input = {32, 32, 3};
  long failed = 0;
  const explainer::taker count{.explained = {}, .failed = [&](long, const std::string&) { ++failed; }};
  failing<salient::error> refusing;
  explainer::explaining({.name = "test"}, network, asked, refusing).explain(0, 1, count);
  EXPECT_EQ(failed, 1);
  failing<salient::device_error> broken;
  EXPECT_THROW(explainer::explaining({.name = "test"}, network, asked, broken).explain(0, 1, count),
               salient::device_error);
  EXPECT_EQ(failed, 1);
}

}  // namespace
