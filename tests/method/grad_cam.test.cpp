// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/grad_cam.hpp"

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

static_assert(chosen_activation<conv_net, default_layer> == 4, "the ReLU after the last convolution");
static_assert(chosen_activation<pooled_softmax_net, default_layer> == 4,
              "the last convolution, which has no ReLU");
static_assert(chosen_activation<pooling_net, default_layer> == 5, "back over the pool");
static_assert(chosen_activation<pooling_net, "features"> == 3 && chosen_activation<pooling_net, 3> == 3);
static_assert(!applies<methods::grad_cam<>, dense_net>);
static_assert(!applies<methods::grad_cam<"nothing">, conv_net> && !applies<methods::grad_cam<99>, conv_net>);
static_assert(!applies<methods::grad_cam<6>, conv_net>, "a dense layer has no positions");

TEST_ON_EVERY_DEVICE(grad_cam, obeys_the_method_laws) {
  method_laws(methods::grad_cam<>{});
  method_laws(methods::grad_cam<"features">{.relu = false});
  method_laws(methods::grad_cam<1>{});
  method_laws(methods::grad_cam<"input">{});
}

/// The definition, from activations and signals that are read back.
template <class Network, int Layer>
void expect_definition() {
  const cpu device;
  const auto model = random_model<Network, double>(device);
  const auto image = random_images<double>(Network::input_shape);
  session<salient::model<Network, cpu, double>, pass_with<Layer>> s(model);
  s.forward(image);
  std::vector<double> seed(static_cast<std::size_t>(Network::classes));
  seed[2] = 1;
  s.write(s.signal(Network::scores), seed);
  s.backward(Network::scores, Layer);
  constexpr shape extent = Network::extent(Layer);
  basic_tensor<double> maps(extent), signals(extent), expected({extent.height, extent.width, 1});
  s.read(s.activation(Layer), maps.values);
  s.read(s.signal(Layer), signals.values);
  for (int k = 0; k < extent.channels; ++k) {
    double alpha = 0;
    for (int y = 0; y < extent.height; ++y)
      for (int x = 0; x < extent.width; ++x)
        alpha += signals(0, y, x, k) / static_cast<double>(extent.positions());
    for (int y = 0; y < extent.height; ++y)
      for (int x = 0; x < extent.width; ++x) expected(0, y, x, 0) += alpha * maps(0, y, x, k);
  }
  expect_near(grad_cam<Layer>(model, image, logit(2), {.relu = false}).map, expected, 1e-12);
  for (double& v : expected.values) v = std::max(v, 0.0);
  expect_near(grad_cam<Layer>(model, image, logit(2)).map, expected, 1e-12);
}

TEST(grad_cam, is_its_definition_at_every_spatial_layer) {
  expect_definition<conv_net, 0>();  // the input
  expect_definition<conv_net, 1>();  // a convolution, which its ReLU must not overwrite
  expect_definition<conv_net, 2>();
  expect_definition<conv_net, 3>();
  expect_definition<conv_net, 4>();
  expect_definition<pooling_net, 3>();  // a max-pool
  expect_definition<pooling_net, 6>();  // an average pool
}

TEST(grad_cam, finds_layers_by_path_and_by_number) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto image = random_images(conv_net::input_shape);
  EXPECT_EQ(grad_cam<"features">(model, image).map.values, grad_cam<3>(model, image).map.values);
  EXPECT_EQ(grad_cam(model, image).map.values, grad_cam<"3">(model, image).map.values);
  EXPECT_EQ(grad_cam(model, image).map.values, grad_cam<conv_net::find("3")>(model, image).map.values);
}

}  // namespace
}  // namespace salient
