// SPDX-License-Identifier: MIT
#include <algorithm>

#include <gtest/gtest.h>

#include "common/inputs.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "program.hpp"
#include "salient/io/npy.hpp"

namespace {

using namespace salient;

/// The library's own result for these digits: f(model, images).
template <class Network, class F>
tensor answer(const std::string& network, const std::vector<long>& digits, const F& f) {
  apps::settings s;
  s.digits = digits;
  const cpu device;
  const auto model = load<Network>(apps::weights_file(network), device);
  return f(model, apps::load_inputs(s).images).map;
}

std::vector<long> dimensions(const tensor& map, bool of_feature_maps, bool batch) {
  std::vector<long> d{map.extent.height, map.extent.width};
  if (!of_feature_maps) d.push_back(map.extent.channels);
  if (batch) d.insert(d.begin(), map.batch);
  return d;
}

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::ranges::sort(names);
  return names;
}

/// The program's raw file equals the library's map bit for bit, for one digit and for a batch.
template <class Network, class F>
void expect_same(const std::string& program, const std::string& arguments, const std::string& network,
                 bool of_feature_maps, const F& f) {
  for (const std::vector<long>& digits : {std::vector<long>{7}, {3, 0, 9999}}) {
    const workshop here;
    std::string list;
    for (const long d : digits) list += (list.empty() ? "" : ",") + std::to_string(d);
    const ending e = here.run(program, words(arguments + " --raw map.npy --digits " + list));
    ASSERT_EQ(e.code, 0) << program << ": " << e.err;
    EXPECT_EQ(here.files(), sorted({"map.npy", program + ".png"}));
    const npy written = read_npy(here / "map.npy");
    const tensor expected = answer<Network>(network, digits, f);
    EXPECT_EQ(written.dtype, "f4");
    EXPECT_EQ(written.dimensions, dimensions(expected, of_feature_maps, digits.size() > 1)) << program;
    EXPECT_TRUE(written.values == expected.values) << program << " " << arguments;
  }
}

using digits::cnn, digits::deep_cnn, digits::perceptron, digits::pooled_cnn;

TEST(maps, gradients) {
  expect_same<cnn>("gradients", "", "cnn", false,
                   [](const auto& m, const tensor& x) { return gradients(m, x); });
  expect_same<perceptron>("gradients", "--network perceptron --target 3", "perceptron", false,
                          [](const auto& m, const tensor& x) { return gradients(m, x, logit(3)); });
}

TEST(maps, gradients_x_input) {
  expect_same<cnn>("gradients-x-input", "--score probability", "cnn", false,
                   [](const auto& m, const tensor& x) { return gradients_x_input(m, x, probability()); });
}

TEST(maps, integrated_gradients) {
  expect_same<cnn>("integrated-gradients", "", "cnn", false,
                   [](const auto& m, const tensor& x) { return integrated_gradients(m, x); });
  expect_same<cnn>("integrated-gradients", "--steps 20 --rule trapezoid --baseline 0.5 --target 1", "cnn",
                   false, [](const auto& m, const tensor& x) {
                     return integrated_gradients(
                         m, x, logit(1), {.steps = 20, .rule = quadrature::trapezoid, .baseline = 0.5F});
                   });
}

TEST(maps, deconvolution) {
  expect_same<cnn>("deconvolution", "--score cross_entropy --target 4", "cnn", false,
                   [](const auto& m, const tensor& x) { return deconvolution(m, x, cross_entropy(4)); });
  expect_same<deep_cnn>("deconvolution", "--network deep_cnn --start features --map 3 --strongest",
                        "deep_cnn", false, [](const auto& m, const tensor& x) {
                          return deconvolution<"features">(m, x, logit(), {.map = 3, .strongest = true});
                        });
}

TEST(maps, guided_backprop) {
  expect_same<cnn>("guided-backprop", "", "cnn", false,
                   [](const auto& m, const tensor& x) { return guided_backprop(m, x); });
}

TEST(maps, cam) {
  expect_same<pooled_cnn>("cam", "--target 2", "pooled_cnn", true,
                          [](const auto& m, const tensor& x) { return cam(m, x, logit(2)); });
  expect_same<cnn>("cam", "--network cnn --weights-from activation-mean", "cnn", true,
                   [](const auto& m, const tensor& x) { return cam<cam_weights::activation_mean>(m, x); });
}

TEST(maps, grad_cam) {
  expect_same<pooled_cnn>("grad-cam", "", "pooled_cnn", true,
                          [](const auto& m, const tensor& x) { return grad_cam(m, x); });
  expect_same<deep_cnn>(
      "grad-cam", "--network deep_cnn --layer 4 --no-relu", "deep_cnn", true,
      [](const auto& m, const tensor& x) { return grad_cam<"4">(m, x, logit(), {.relu = false}); });
}

TEST(maps, guided_grad_cam) {
  expect_same<pooled_cnn>("guided-grad-cam", "", "pooled_cnn", false,
                          [](const auto& m, const tensor& x) { return guided_grad_cam(m, x); });
  expect_same<pooled_cnn>(
      "guided-grad-cam", "--network pooled_cnn --layer 4 --interpolation nearest --no-relu", "pooled_cnn",
      false, [](const auto& m, const tensor& x) {
        return guided_grad_cam<"4">(m, x, logit(), {.interpolation = interpolation::nearest, .relu = false});
      });
}

}  // namespace
