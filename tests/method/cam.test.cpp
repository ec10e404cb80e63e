// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/cam.hpp"

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

static_assert(pooled_head<pooled_net> && pooled_head<pooled_softmax_net>);
static_assert(!pooled_head<dense_net> && !pooled_head<conv_net> && !pooled_head<pooling_net>);
static_assert(!pooled_head<network<input<8, 8>, conv2d<4, 3>, global_avg_pool, dense<5>, relu, dense<3>>>,
              "the classifier's weights must act on the pooled maps");
static_assert(pooled_head<network<input<8, 8>, conv2d<4, 3>, global_avg_pool, flatten, flatten, dense<5>>> &&
                  pooled_head<network<input<8, 8>, conv2d<4, 3>, global_avg_pool, dense<5>>>,
              "with any number of flattens");
static_assert(applies<methods::cam<cam_weights::activation_mean>, conv_net>);
static_assert(!applies<methods::cam<cam_weights::activation_mean>, dense_net>);

TEST_ON_EVERY_DEVICE(cam, obeys_the_method_laws) {
  method_laws(methods::cam<>{});
  method_laws(methods::cam<cam_weights::activation_mean>{});
  method_laws(methods::cam<cam_weights::activation_mean, "features">{});
}

TEST(cam, is_grad_cam_without_relu_times_the_positions) {
  const cpu device;
  const auto check = [&]<class Network, layer_id Pooled>() {
    const auto model = random_model<Network, double>(device);
    const auto images = random_images<double>(Network::input_shape, 3);
    for (int c = 0; c < Network::classes; ++c) {
      auto expected = grad_cam<Pooled>(model, images, logit(c), {.relu = false}).map;
      for (double& v : expected.values) v *= static_cast<double>(expected.extent.positions());
      expect_near(cam(model, images, logit(c)).map, expected, 1e-12);
    }
  };
  check.template operator()<pooled_net, "3">();
  check.template operator()<pooled_softmax_net, "features">();
}

TEST(cam, sums_to_the_score_but_for_the_bias) {
  using net = network<input<6, 7>, conv2d<4, 3>, relu, global_avg_pool, flatten, dense<3, false>>;
  const cpu device;
  const auto e = cam(random_model<net, double>(device), random_images<double>(net::input_shape), logit(2));
  double sum = 0;
  for (const double v : e.map.values) sum += v;
  EXPECT_NEAR(sum / static_cast<double>(e.map.extent.positions()), e.values[0], 1e-12);
}

TEST(cam, by_mean_activation_is_its_definition_and_the_same_for_every_class) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto image = random_images<double>(conv_net::input_shape);
  session<salient::model<conv_net, cpu, double>, pass::saliency<4>> s(model);
  s.forward(image);
  basic_tensor<double> maps(conv_net::extent(4));
  s.read(s.activation(4), maps.values);
  basic_tensor<double> expected({maps.extent.height, maps.extent.width, 1});
  for (int k = 0; k < maps.extent.channels; ++k) {
    double mean = 0;
    for (int y = 0; y < maps.extent.height; ++y)
      for (int x = 0; x < maps.extent.width; ++x)
        mean += maps(0, y, x, k) / static_cast<double>(maps.extent.positions());
    for (int y = 0; y < maps.extent.height; ++y)
      for (int x = 0; x < maps.extent.width; ++x) expected(0, y, x, 0) += mean * maps(0, y, x, k);
  }
  for (int c = 0; c < conv_net::classes; ++c)
    expect_near(cam<cam_weights::activation_mean>(model, image, logit(c)).map, expected, 1e-12);
}

TEST(cam, by_the_classifier_separates_classes) {
  const cpu device;
  const auto model = random_model<pooled_net>(device);
  const auto image = random_images(pooled_net::input_shape);
  EXPECT_NE(cam(model, image, logit(0)).map.values, cam(model, image, logit(1)).map.values);
}

}  // namespace
}  // namespace salient
