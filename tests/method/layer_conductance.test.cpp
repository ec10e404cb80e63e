// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/layer_conductance.hpp"

#include <numeric>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(layer_conductance, obeys_the_method_laws) {
  method_laws(methods::layer_conductance<>{.steps = 5});
  method_laws(
      methods::layer_conductance<"features">{.steps = 3, .rule = quadrature::trapezoid, .baseline = 0.5});
}

/// The change of the score flows through every layer that all paths cross.
TEST(layer_conductance, adds_up_to_the_change_of_the_score_at_every_layer) {
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape, 2);
  const auto expect_complete = [&](const auto& e, double tolerance) {
    for (std::size_t n = 0; n < 2; ++n) {
      const auto map = e.map.image(static_cast<long>(n));
      const double sum = std::accumulate(map.begin(), map.end(), 0.0);
      EXPECT_NEAR(sum - (e.values[n] - e.baseline_values[n]), e.gaps[n], 1e-12);
      EXPECT_LE(std::abs(e.gaps[n]), tolerance * std::abs(e.values[n] - e.baseline_values[n]));
      EXPECT_EQ(e.points[n], 2001);
    }
  };
  const auto with = [](auto method) {
    method.steps = 2000;
    method.rule = quadrature::trapezoid;
    return method;
  };
  expect_complete(
      layer_conductance<"input">(model, images, logit(1), with(methods::layer_conductance<"input">{})), 0.01);
  expect_complete(
      layer_conductance<"features">(model, images, logit(1), with(methods::layer_conductance<"features">{})),
      0.01);
  expect_complete(layer_conductance(model, images, logit(1), with(methods::layer_conductance<>{})), 0.01);
}

/// Behind the layer the network is linear, so that every gradient is the same and the sum telescopes.
TEST(layer_conductance, is_exact_where_the_layers_behind_are_linear) {
  const auto model = random_model<pooled_net, double>(device);
  const auto images = random_images<double>(pooled_net::input_shape);
  const auto e = layer_conductance(model, images, logit(2), {.steps = 3, .rule = quadrature::trapezoid});
  EXPECT_NEAR(e.gaps[0], 0, 1e-12);
  const auto at_image = layer_gradient_x_activation(model, images, logit(2)).map;
  const auto at_black =
      layer_gradient_x_activation(model, basic_tensor<double>(pooled_net::input_shape), logit(2)).map;
  auto expected = at_image;
  for (std::size_t i = 0; i < expected.values.size(); ++i) expected.values[i] -= at_black.values[i];
  expect_near(e.map, expected, 1e-10);
}

TEST(layer_conductance, at_the_input_is_integrated_gradients_by_the_left_rule) {
  const auto model = random_model<dense_net, double>(device);
  const auto images = random_images<double>(dense_net::input_shape, 2);
  const auto a =
      layer_conductance<"input">(model, images, logit(1), {.steps = 8, .rule = quadrature::trapezoid});
  const auto b = integrated_gradients(model, images, logit(1), {.steps = 8, .rule = quadrature::left});
  expect_near(a.map, b.map, 1e-12);
}

TEST(layer_conductance, takes_a_baseline_for_each_image) {
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape, 2);
  auto baselines = images;
  std::ranges::fill(baselines.image(1), 0.25);
  const auto e = layer_conductance(model, images, logit(1), {.steps = 4, .baseline_image = baselines});
  EXPECT_TRUE(std::ranges::all_of(e.map.image(0), [](double v) { return v == 0; })) << "no way to go";
  basic_tensor<double> second(images.extent);
  std::ranges::copy(images.image(1), second.values.begin());
  const auto alone = layer_conductance(model, second, logit(1), {.steps = 4, .baseline = 0.25});
  expect_near(std::span<const double>(alone.map.values), e.map.image(1), 1e-12);
}

std::string refusal(const methods::layer_conductance<>& options) {
  const auto model = random_model<conv_net>(device);
  try {
    layer_conductance(model, random_images<float>(conv_net::input_shape), logit(1), options);
  } catch (const error& e) {
    return e.what();
  }
  return "";
}

TEST(layer_conductance, refuses_wrong_options) {
  EXPECT_EQ(refusal({.steps = 0}), "layer conductance: steps must be between 1 and 99999, got 0");
  EXPECT_EQ(refusal({.steps = 100000}), "layer conductance: steps must be between 1 and 99999, got 100000");
  EXPECT_EQ(refusal({.baseline = 0, .baseline_image = basic_tensor<double>(conv_net::input_shape)}),
            "layer conductance: a baseline and a baseline_image are given; a line starts at one of them");
}

}  // namespace
}  // namespace salient
