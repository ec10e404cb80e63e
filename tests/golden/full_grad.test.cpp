// SPDX-License-Identifier: MIT
// The references of full_grad.py, which has the same networks and class.
#include "salient/method/full_grad.hpp"

#include <gtest/gtest.h>

#include "golden/reference.hpp"
#include "laws/devices.hpp"
#include "salient/salient.hpp"

namespace salient::golden {
namespace {

using valid = network<input<7, 6, 2>, conv2d<4, 3>, relu, conv2d<3, 2>, relu, flatten, dense<5>>;
using residual = network<
    input<8, 7, 3>, named<"conv1", conv2d<4, 3, with{.padding = 1}>>, named<"bn1", batch_norm<>>, relu,
    sum<sequence<named<"conv2", conv2d<4, 3, with{.padding = 1, .bias = false}>>, named<"bn2", batch_norm<>>,
                 relu, named<"conv3", conv2d<4, 3, with{.padding = 1}>>, named<"bn3", batch_norm<>>>,
        identity>,
    relu, max_pool<2>, named<"conv4", conv2d<5, 2>>, relu, flatten, named<"fc", dense<4>>>;

constexpr double double_tolerance = 1e-9, float_tolerance = 1e-4;

using arrays = std::map<std::string, array>;

state_dict weights_of(const arrays& all) {
  state_dict result;
  for (const auto& [name, a] : all)
    if (name.starts_with("weights "))
      result.push_back({name.substr(8), a.dimensions, {a.values.begin(), a.values.end()}});
  return result;
}

template <class Model>
std::size_t compare(const Model& model, const array& images, const arrays& expected, const std::string& name,
                    double tolerance) {
  using scalar = typename Model::scalar;
  const auto x = to_tensor<scalar>(images);
  const auto e = full_grad(model, x, logit(2));
  const auto by_layer = full_grad(model, x, logit(2), {.scale = full_grad_scale::layer});
  std::size_t compared = 0;
  const auto expect = [&](const basic_tensor<scalar>& actual, const std::string& what) {
    EXPECT_EQ(difference(std::span<const scalar>(actual.values),
                         std::span<const double>(expected.at(name + " " + what).values), tolerance),
              "")
        << name << " " << what;
    ++compared;
  };
  expect(e.map, "channel");
  expect(by_layer.map, "layer");
  expect(e.input, "input");
  expect(e.biases, "biases");
  return compared;
}

template <class T, class Device>
void expect_full_grad(const Device& device, double tolerance) {
  const auto expected = read_arrays(folder / "data/full_grad.safetensors");
  const auto weights = weights_of(expected);
  std::size_t compared = weights.size() + 1;  // and the images
  compared +=
      compare(load<valid, T>(folder / "data/valid.weights.safetensors", device),
              read_arrays(folder / "data/valid.maps.safetensors").at("images"), expected, "valid", tolerance);
  compared += compare(model<residual, Device, T>(device, weights), expected.at("residual images"), expected,
                      "residual", tolerance);
  EXPECT_EQ(compared, expected.size());
}

TEST(full_grad, matches_the_definition_in_double) {
  expect_full_grad<double>(cpu(), double_tolerance);
  expect_full_grad<double>(cpu_pool(3), double_tolerance);
}

TEST_ON_EVERY_DEVICE(full_grad, matches_the_definition_in_float) {
  if constexpr (laws::built_for_gpu)
    if (const gpu* card = laws::tested_gpu()) return expect_full_grad<float>(*card, float_tolerance);
  expect_full_grad<float>(cpu(), float_tolerance);
  expect_full_grad<float>(cpu_pool(3), float_tolerance);
}

}  // namespace
}  // namespace salient::golden
