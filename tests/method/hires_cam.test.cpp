// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/hires_cam.hpp"

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

static_assert(applies<methods::hires_cam<>, conv_net> && !applies<methods::hires_cam<>, dense_net>);

TEST_ON_EVERY_DEVICE(hires_cam, obeys_the_method_laws) {
  method_laws(methods::hires_cam<>{});
  method_laws(methods::hires_cam<"features">{.relu = false});
}

TEST(hires_cam, sums_layer_gradient_x_activation_over_the_channels) {
  for_each_network([]<class Network>() {
    if constexpr (applies<methods::hires_cam<>, Network>) {
      const auto model = random_model<Network, double>(device);
      const auto images = random_images<double>(Network::input_shape, 2);
      auto expected = channel_sum(layer_gradient_x_activation(model, images, logit(2)).map);
      expect_near(hires_cam(model, images, logit(2), {.relu = false}).map, expected, 1e-12);
      for (double& v : expected.values) v = std::max(v, 0.0);
      expect_near(hires_cam(model, images, logit(2)).map, expected, 1e-12);
    }
  });
}

/// Under a pooled head the gradient is the same at every position, so that averaging it changes nothing.
TEST(hires_cam, is_grad_cam_under_a_pooled_head) {
  const auto model = random_model<pooled_net, double>(device);
  const auto images = random_images<double>(pooled_net::input_shape, 2);
  expect_near(hires_cam(model, images, logit(1)).map, grad_cam(model, images, logit(1)).map, 1e-12);
}

/// What Grad-CAM's mean gradient hides: a dense layer that weighs the positions of one map differently.
TEST(hires_cam, keeps_the_gradient_of_each_position) {
  using net = network<input<1, 2>, named<"map", conv2d<1, 1>>, flatten, dense<2>>;
  static_assert(applies<methods::hires_cam<"map">, net>);
  const model<net> m(device, {{"map.weight", {1, 1, 1, 1}, {1}},
                              {"map.bias", {1}, {0}},
                              {"2.weight", {2, 2}, {1, -1, 0, 0}},
                              {"2.bias", {2}, {0, 0}}});
  tensor image(net::input_shape);
  image.values = {0.75F, 0.5F};
  EXPECT_EQ(hires_cam<"map">(m, image, logit(0), {.relu = false}).map.values, (std::vector{0.75F, -0.5F}));
  EXPECT_EQ(hires_cam<"map">(m, image, logit(0)).map.values, (std::vector{0.75F, 0.0F}));
  EXPECT_EQ(grad_cam<"map">(m, image, logit(0)).map.values, (std::vector{0.0F, 0.0F}));
}

}  // namespace
}  // namespace salient
