// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/internal_influence.hpp"

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(internal_influence, obeys_the_method_laws) {
  method_laws(methods::internal_influence<>{.steps = 5});
  method_laws(
      methods::internal_influence<"features">{.steps = 3, .rule = quadrature::trapezoid, .baseline = 0.5});
}

TEST(internal_influence, at_the_input_is_integrated_gradients_by_the_change_of_the_input) {
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape, 2);
  const auto influence = internal_influence<"input">(model, images, logit(1), {.steps = 9, .baseline = 0.5});
  const auto expected = integrated_gradients(model, images, logit(1), {.steps = 9, .baseline = 0.5}).map;
  auto map = influence.map;
  for (std::size_t i = 0; i < map.values.size(); ++i) map.values[i] *= images.values[i] - 0.5;
  expect_near(map, expected, 1e-12);
}

/// Behind the layer the network is linear: the gradient is the same everywhere.
TEST(internal_influence, is_the_gradient_where_the_layers_behind_are_linear) {
  const auto model = random_model<pooled_net, double>(device);
  const auto images = random_images<double>(pooled_net::input_shape);
  const auto map = internal_influence(model, images, logit(2), {.steps = 7}).map;
  auto product = layer_gradient_x_activation(model, images, logit(2)).map;
  constexpr int layer = chosen_activation<pooled_net, default_layer>;
  session<salient::model<pooled_net, cpu, double>, pass_with<layer>> s(model);
  const query q(s, images, logit(2));
  const auto activations = q.activation(layer);
  auto expected = activations;
  for (std::size_t i = 0; i < expected.values.size(); ++i) expected.values[i] *= map.values[i];
  expect_near(product, expected, 1e-12);
}

TEST(internal_influence, refuses_wrong_options) {
  const auto model = random_model<conv_net>(device);
  const auto image = random_images<float>(conv_net::input_shape);
  try {
    internal_influence(model, image, logit(1), {.steps = 100001});
    FAIL();
  } catch (const error& e) {
    EXPECT_STREQ(e.what(), "internal influence: steps must be between 1 and 100000, got 100001");
  }
}

}  // namespace
}  // namespace salient
