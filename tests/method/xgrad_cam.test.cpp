// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/xgrad_cam.hpp"

#include <numeric>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(xgrad_cam, obeys_the_method_laws) {
  method_laws(methods::xgrad_cam<>{});
  method_laws(methods::xgrad_cam<"features">{.relu = false});
}

/// A weight spreads a map's contribution to the score over the map, so that its sum stays.
TEST(xgrad_cam, has_the_sum_of_hires_cam) {
  for_each_network([]<class Network>() {
    if constexpr (applies<methods::xgrad_cam<>, Network>) {
      const auto model = random_model<Network, double>(device);
      const auto images = random_images<double>(Network::input_shape);
      const auto a = xgrad_cam(model, images, logit(1), {.relu = false}).map.values;
      const auto b = hires_cam(model, images, logit(1), {.relu = false}).map.values;
      const double sum = std::accumulate(b.begin(), b.end(), 0.0);
      EXPECT_NE(sum, 0);
      EXPECT_NEAR(std::accumulate(a.begin(), a.end(), 0.0), sum, 1e-10 * std::abs(sum));
    }
  });
}

/// Under a pooled head the gradient is the same at every position, and a weighted mean of it is its mean.
TEST(xgrad_cam, is_grad_cam_under_a_pooled_head) {
  const auto model = random_model<pooled_net, double>(device);
  const auto images = random_images<double>(pooled_net::input_shape, 2);
  expect_near(xgrad_cam(model, images, logit(1)).map, grad_cam(model, images, logit(1)).map, 1e-12);
}

TEST(xgrad_cam, takes_zero_for_a_map_whose_sum_is_zero) {
  basic_tensor<double> maps({1, 2, 2}), gradients({1, 2, 2});
  maps.values = {1, 2, -1, 6};
  gradients.values = {3, 1, 3, 2};
  EXPECT_EQ(methods::detail::xgrad_cam_weights(maps, gradients).values, (std::vector<double>{0, 14.0 / 8}));
}

}  // namespace
}  // namespace salient
