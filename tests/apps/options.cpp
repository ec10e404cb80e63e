// SPDX-License-Identifier: MIT
#include <cmath>
#include <regex>

#include <gtest/gtest.h>

#include "common/inputs.hpp"
#include "paths.hpp"
#include "program.hpp"
#include "salient/io/npy.hpp"
#include "salient/io/png.hpp"
#include "salient/io/safetensors.hpp"

namespace {

using namespace salient;

npy raw(const workshop& here, const std::string& program, const std::string& arguments) {
  const ending e = here.run(program, words(arguments + " --raw map.npy"));
  EXPECT_EQ(e.code, 0) << program << " " << arguments << ": " << e.err;
  return read_npy(here / "map.npy");
}

std::string text(const workshop& here, const std::string& program, const std::string& arguments) {
  const ending e = here.run(program, words(arguments));
  EXPECT_EQ(e.code, 0) << program << " " << arguments << ": " << e.err;
  EXPECT_EQ(e.err, "");
  return e.out;
}

/// The number after `title` in the output for one image.
double fact(const std::string& printed, const std::string& title) {
  std::smatch found;
  EXPECT_TRUE(std::regex_search(printed, found, std::regex("(^|\n)" + title + " +([-+.e0-9]+)"))) << printed;
  return found.empty() ? NAN : std::stod(found[2]);
}

bool says(const std::string& printed, const std::string& words) {
  return printed.find(words) != std::string::npos;
}

// A program, its arguments, and arguments to add, which must change the map.
struct change {
  std::string program, without, with;
};

void PrintTo(const change& c, std::ostream* out) {
  *out << c.program << ": " << c.without << " | " << c.with;
}

class map_changes : public ::testing::TestWithParam<change> {};

TEST_P(map_changes, with) {
  const workshop here;
  const auto& [program, without, with] = GetParam();
  EXPECT_FALSE(raw(here, program, without).values == raw(here, program, with).values);
}

std::vector<change> changes() {
  std::vector<change> all;
  for (const std::string& demo : demos) {
    all.push_back({demo, "", "--digits 1"});
    all.push_back({demo, "--target 3", "--target 8"});
    if (demo != "cam") all.push_back({demo, "", "--network deep_cnn"});
    if (demo != "cam") all.push_back({demo, "", "--score probability"});
    if (demo != "cam" && demo != "grad-cam") all.push_back({demo, "", "--score cross_entropy"});
  }
  const std::vector<change> own{
      {"gradients", "", "--network perceptron"},
      {"guided-backprop", "", "--network perceptron"},
      {"integrated-gradients", "", "--steps 3"},
      {"integrated-gradients", "--rule left --steps 3", "--rule left --steps 3 --tolerance 0.001"},
      {"integrated-gradients", "--rule left --steps 9", "--rule right --steps 9"},
      {"integrated-gradients", "--rule midpoint --steps 9", "--rule trapezoid --steps 9"},
      {"integrated-gradients", "--rule midpoint --steps 9", "--rule gauss-legendre --steps 9"},
      {"integrated-gradients", "", "--baseline 0.25"},
      {"deconvolution", "", "--start 1"},
      {"deconvolution", "--start 1", "--start 3"},
      {"deconvolution", "--start 3", "--start 3 --map 4"},
      {"deconvolution", "--start 3 --map 4", "--start 3 --map 5"},
      {"deconvolution", "--start features --map 4", "--start features --map 4 --strongest"},
      {"cam", "", "--weights-from activation-mean"},
      {"cam", "--weights-from activation-mean", "--weights-from activation-mean --network cnn"},
      {"grad-cam", "--no-relu", "--no-relu --layer 1"},
      {"grad-cam", "--target 4", "--target 4 --no-relu"},
      {"guided-grad-cam", "--no-relu", "--no-relu --layer 1"},
      {"guided-grad-cam", "--target 4", "--target 4 --no-relu"},
      {"guided-grad-cam", "", "--interpolation nearest"},
      {"guided-grad-cam", "--layer 1", "--layer 1 --alignment receptive-field"}};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

INSTANTIATE_TEST_SUITE_P(options, map_changes, ::testing::ValuesIn(changes()), [](const auto& info) {
  return std::regex_replace(info.param.program + " " + info.param.without + " " + info.param.with,
                            std::regex("[^a-zA-Z0-9]+"), "_");
});

// --- options of every demo

class every_demo : public ::testing::TestWithParam<std::string> {};

TEST_P(every_demo, runs_on_a_pool_of_threads) {
  const workshop here;
  const std::vector<float> one = raw(here, GetParam(), "").values;
  const std::string printed = text(here, GetParam(), "--device cpu_pool --threads 3 --raw map.npy");
  EXPECT_TRUE(says(printed, "on cpu_pool, 3 threads")) << printed;
  EXPECT_EQ(read_npy(here / "map.npy").values, one) << "threads share work out, and change nothing of it";
}

TEST_P(every_demo, computes_by_eigen_too) {
  const workshop here;
  const std::vector<float> direct = raw(here, GetParam(), "").values;
  const std::string printed = text(here, GetParam(), "--kernels eigen --raw map.npy");
  EXPECT_TRUE(says(printed, "on cpu, Eigen's kernels")) << printed;
  const std::vector<float> eigen = read_npy(here / "map.npy").values;
  ASSERT_EQ(direct.size(), eigen.size());
  float largest = 0;
  for (const float v : direct) largest = std::max(largest, std::abs(v));
  for (std::size_t i = 0; i < direct.size(); ++i) ASSERT_NEAR(direct[i], eigen[i], 1e-4F * largest);
}

TEST_P(every_demo, takes_an_image_for_a_digit) {
  const workshop here;
  apps::settings s;
  s.digits = {4};
  const tensor digit = apps::load_inputs(s).images;
  picture grey{28, 28, 1, {}};
  for (const float v : digit.values) grey.bytes.push_back(static_cast<std::uint8_t>(std::lround(255 * v)));
  write_png(here / "four.png", grey);
  write_npy(here / "four.npy", digit.values, {28, 28});
  const npy map = raw(here, GetParam(), "--digits 4");
  for (const std::string image : {"four.png", "four.npy"}) {
    const npy same = raw(here, GetParam(), "--image " + image);
    EXPECT_TRUE(same.values == map.values) << image;
    EXPECT_EQ(same.dimensions, map.dimensions);
  }
  EXPECT_TRUE(says(text(here, GetParam(), "--image four.npy"), "four.npy"));
}

TEST_P(every_demo, takes_other_weights) {
  const workshop here;
  const std::string network = GetParam().ends_with("cam") ? "pooled_cnn" : "cnn";
  state_dict weights = read_safetensors(apps::weights_file(network));
  for (named_tensor& t : weights)
    for (float& v : t.values) v *= 0.5F;
  write_safetensors(here / "half.safetensors", weights);
  EXPECT_FALSE(raw(here, GetParam(), "").values ==
               raw(here, GetParam(), "--weights half.safetensors").values);
}

TEST_P(every_demo, says_what_it_found) {
  const workshop here;
  const std::string one = text(here, GetParam(), "--digits 2 --target 6 --score probability --raw map.npy");
  for (const std::string words :
       {"digit 2", "label", "prediction", "probability", "target", "its probability", "map ", "time",
        " ms, every pass included, on cpu\n", "picture", "raw map"})
    EXPECT_TRUE(says(one, words)) << words << " in\n" << one;
  EXPECT_EQ(fact(one, "target"), 6);
  const npy map = read_npy(here / "map.npy");
  EXPECT_NEAR(fact(one, "highest value"), *std::max_element(map.values.begin(), map.values.end()), 1e-3);
  const std::string three = text(here, GetParam(), "--digits 2,0,2");
  EXPECT_TRUE(says(three, "\ndigit 2 ") && says(three, "\ndigit 0 ")) << three;
}

INSTANTIATE_TEST_SUITE_P(demos, every_demo, ::testing::ValuesIn(demos), [](const auto& info) {
  return std::regex_replace(info.param, std::regex("-"), "_");
});

// --- options that change more than the map, or nothing in it

TEST(options, integrated_gradients_are_complete) {
  const workshop here;
  const std::string printed = text(here, "integrated-gradients", "--digits 0 --steps 300");
  EXPECT_LT(fact(printed, "gap in %"), 0.5);
  EXPECT_LT(std::abs(fact(printed, "completeness gap")), 0.005 * std::abs(fact(printed, "score difference")));
  EXPECT_EQ(fact(printed, "gradients"), 300);
  const npy map = raw(here, "integrated-gradients", "--digits 0 --steps 300");
  double sum = 0;
  for (const float v : map.values) sum += v;
  EXPECT_NEAR(sum, fact(printed, "score difference"), 0.006 * std::abs(sum));
}

TEST(options, integrated_gradients_to_a_tolerance) {
  const workshop here;
  const std::string printed = text(here, "integrated-gradients", "--steps 2 --rule left --tolerance 0.001");
  EXPECT_LE(fact(printed, "gap in %"), 0.1);
  EXPECT_GT(fact(printed, "gradients"), 2);
}

TEST(options, exact_integrated_gradients_leave_no_gap) {
  const workshop here;
  const std::string printed = text(here, "integrated-gradients", "--network perceptron --exact");
  EXPECT_LT(fact(printed, "gap in %"), 0.001);
  EXPECT_GT(fact(printed, "linear pieces"), 20);
}

TEST(options, a_baseline_may_be_an_image) {
  const workshop here;
  write_npy(here / "grey.npy", std::vector<float>(28 * 28, 0.25F), {28, 28, 1});
  EXPECT_TRUE(raw(here, "integrated-gradients", "--baseline grey.npy").values ==
              raw(here, "integrated-gradients", "--baseline 0.25").values);
}

TEST(options, a_layer_goes_by_its_module_path) {
  const workshop here;
  for (const std::string program : {"grad-cam --layer", "guided-grad-cam --layer", "deconvolution --start"}) {
    const std::string name = program.substr(0, program.find(' ')),
                      flag = program.substr(program.find(' ') + 1);
    const std::string on = "--network cnn " + flag;
    EXPECT_TRUE(says(text(here, name, on + " features"), "features (conv2d, 24x24x32)"));
    EXPECT_TRUE(says(text(here, name, on + " 3"), "3 (relu, 24x24x32)"));
    EXPECT_FALSE(raw(here, name, on + " features").values == raw(here, name, on + " 3").values) << program;
  }
  EXPECT_EQ(raw(here, "grad-cam", "--network deep_cnn --layer 9").dimensions, (std::vector<long>{7, 7}));
}

TEST(options, grad_cam_without_relu_is_signed) {
  const workshop here;
  EXPECT_GE(fact(text(here, "grad-cam", "--target 3"), "lowest value"), 0);
  EXPECT_LT(fact(text(here, "grad-cam", "--target 3 --no-relu"), "lowest value"), 0);
}

TEST(options, the_mean_of_activations_is_the_same_for_every_class_and_says_so) {
  const workshop here;
  const std::string printed = text(here, "cam", "--weights-from activation-mean");
  EXPECT_TRUE(says(printed, "the same for every class")) << printed;
  EXPECT_FALSE(says(printed, "target"));
}

TEST(options, out_names_the_picture) {
  const workshop here;
  EXPECT_TRUE(says(text(here, "gradients", "--out other.png"), "other.png"));
  EXPECT_EQ(here.files(), std::vector<std::string>{"other.png"});
}

}  // namespace
