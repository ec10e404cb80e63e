// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "paths.hpp"
#include "program.hpp"
#include "salient/io/npy.hpp"
#include "salient/io/safetensors.hpp"

namespace {

using namespace salient;

/// Weights equivalent to those of `cnn` for images after transforms.Normalize((0.1307,), (0.3081,)).
void write_normalised_weights(const std::filesystem::path& file) {
  constexpr float mean = 0.1307F, deviation = 0.3081F;
  state_dict weights = read_safetensors(apps::weights_file("cnn"));
  const auto find = [&](const std::string& name) {
    return std::ranges::find(weights, name, &named_tensor::name);
  };
  auto &weight = *find("0.weight"), &bias = *find("0.bias");
  const std::size_t patch = weight.values.size() / bias.values.size();
  for (std::size_t i = 0; i < weight.values.size(); ++i) {
    bias.values[i / patch] += mean * weight.values[i];
    weight.values[i] *= deviation;
  }
  write_safetensors(file, weights);
}

TEST(preprocessing, of_the_training_is_said_by_mean_and_std) {
  const workshop here;
  write_normalised_weights(here / "normalised.safetensors");
  const std::string evaluate = "--evaluate --network cnn --weights normalised.safetensors";
  const ending without = here.run("train", words(evaluate));
  const ending with = here.run("train", words(evaluate + " --mean .1307 --std .3081"));
  ASSERT_EQ(with.code, 0) << with.err;
  EXPECT_NE(with.out.find(" 99.08 % of 10000"), std::string::npos) << with.out;
  EXPECT_EQ(without.out.find(" 99.08 % of 10000"), std::string::npos) << without.out;
}

std::vector<float> raw(const workshop& here, const std::string& program, const std::string& arguments) {
  const ending e = here.run(program, words(arguments + " --raw map.npy"));
  EXPECT_EQ(e.code, 0) << program << " " << arguments << ": " << e.err;
  EXPECT_EQ(e.err, "");
  return read_npy(here / "map.npy").values;
}

void expect_scaled(const std::vector<float>& map, const std::vector<float>& other, float factor) {
  ASSERT_EQ(map.size(), other.size());
  float largest = 0;
  for (const float v : map) largest = std::max(largest, std::abs(v));
  for (std::size_t i = 0; i < map.size(); ++i) ASSERT_NEAR(map[i], factor * other[i], 1e-4F * largest) << i;
}

TEST(preprocessing, gives_the_map_of_the_networks_input) {
  const workshop here;
  write_normalised_weights(here / "normalised.safetensors");
  const std::string told = "--weights normalised.safetensors --mean .1307 --std .3081";
  expect_scaled(raw(here, "gradients", told), raw(here, "gradients", "--network cnn"), 0.3081F);
  // A baseline of 0 is the data's mean after normalisation, so the path starts at a grey image of that mean.
  expect_scaled(raw(here, "integrated-gradients", told),
                raw(here, "integrated-gradients", "--baseline 0.1307"), 1);
  write_npy(here / "grey.npy", std::vector<float>(28 * 28, 0.25F), {28, 28});
  expect_scaled(raw(here, "integrated-gradients", told + " --baseline grey.npy"),
                raw(here, "integrated-gradients", "--baseline 0.25"), 1);
}

TEST(preprocessing, each_flag_changes_the_map_of_every_demo) {
  const workshop here;
  for (const std::string& demo : demos) {
    // Without pools, deconvolution from the score gives the same map for every image.
    const std::string start = demo == "deconvolution" ? "--start 3 " : "";
    const std::vector<float> plain = raw(here, demo, start);
    for (const std::string flag : {"--mean 0.1", "--std 0.5", "--range 2"})
      EXPECT_NE(raw(here, demo, start + flag), plain) << demo << " " << flag;
    EXPECT_EQ(raw(here, demo, start + "--mean 0 --std 1 --range 1 --channels rgb"), plain) << demo;
  }
}

TEST(preprocessing, that_suits_no_digit_is_wrong_usage) {
  const workshop here;
  for (const std::string program : {"gradients", "train"})
    for (const auto& [arguments, word] : std::vector<std::pair<std::string, std::string>>{
             {"--mean few", "'few'"},
             {"--mean 1,", "'1,'"},
             {"--mean 1,2", "mean must be one number"},
             {"--mean nan", "mean must be finite"},
             {"--std 0", "deviation must be above 0"},
             {"--std -1", "deviation must be above 0"},
             {"--std 1,1,1", "deviation must be one number"},
             {"--std 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "list of numbers"},
             {"--range 0", "must be above 0"},
             {"--range wide", "--range"},
             {"--channels bgr", "3 channels"},
             {"--channels grb", "'grb'"}}) {
      const ending e = here.run(program, words(arguments + (program == "train" ? " --evaluate" : "")));
      EXPECT_EQ(e.code, 2) << program << " " << arguments << e.out << e.err;
      EXPECT_NE(e.err.find(word), std::string::npos) << e.err;
      EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
    }
  EXPECT_TRUE(here.files().empty());
}

void expect_warning(const ending& e, const std::string& what) {
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_NE(e.err.find("warning: " + what), std::string::npos) << e.err;
  EXPECT_NE(e.err.find("pixels lie between 0 and 1"), std::string::npos) << e.err;
  EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
}

TEST(preprocessing, pixels_far_out_of_range_get_a_word_and_a_map) {
  const workshop here;
  std::vector<float> image(28 * 28, 0.5F);
  write_npy(here / "pixels.npy", image, {28, 28});
  image[300] = 255;
  write_npy(here / "bytes.npy", image, {28, 28});
  image[300] = 2.8F;
  image[301] = -0.42F;
  write_npy(here / "normalised.npy", image, {28, 28});
  expect_warning(here.run("gradients", words("--image bytes.npy")), "bytes.npy has values from 0.5 to 255");
  expect_warning(here.run("gradients", words("--image normalised.npy --mean .1307 --std .3081")),
                 "normalised.npy has values from -0.42 to 2.8");
  expect_warning(here.run("integrated-gradients", words("--baseline bytes.npy")),
                 "the baseline bytes.npy has values from 0.5 to 255");
  EXPECT_EQ(here.run("gradients", words("--image pixels.npy --mean .1307 --std .3081")).err, "");
  EXPECT_EQ(here.run("integrated-gradients", words("--image pixels.npy --baseline 3")).err, "");
}

TEST(preprocessing, is_no_remedy_for_a_baseline_that_overflows) {
  const workshop here;
  for (const std::string exact : {"", " --exact"}) {
    const ending e = here.run("integrated-gradients", words("--baseline 3e38" + exact));
    EXPECT_EQ(e.code, 1) << e.out;
    EXPECT_NE(e.err.find("class scores at the baseline are not finite"), std::string::npos) << e.err;
    EXPECT_TRUE(here.files().empty());
  }
}

}  // namespace
