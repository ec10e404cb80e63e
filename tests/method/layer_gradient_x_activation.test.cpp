// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/layer_gradient_x_activation.hpp"

#include <numeric>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(layer_gradient_x_activation, obeys_the_method_laws) {
  method_laws(methods::layer_gradient_x_activation<>{});
  method_laws(methods::layer_gradient_x_activation<"features">{});
}

TEST(layer_gradient_x_activation, is_gradients_x_input_at_the_input) {
  const auto model = random_model<pooling_net>(device);
  const auto images = random_images<float>(pooling_net::input_shape, 2);
  EXPECT_EQ(layer_gradient_x_activation<"input">(model, images, logit(1)).map.values,
            gradients_x_input(model, images, logit(1)).map.values);
}

/// Behind the layer there are only linear layers without biases, so that the values sum to the score.
TEST(layer_gradient_x_activation, sums_to_the_score_where_no_bias_follows) {
  using net = network<input<6, 7, 2>, named<"features", conv2d<4, 3>>, relu, global_avg_pool, flatten,
                      dense<3, false>>;
  const auto model = random_model<net, double>(device);
  const auto images = random_images<double>(net::input_shape, 3);
  const auto e = layer_gradient_x_activation<"features">(model, images, logit(2));
  EXPECT_TRUE(e.map.extent == (shape{4, 5, 4}));
  for (long n = 0; n < 3; ++n) {
    const auto map = e.map.image(n);
    EXPECT_NEAR(std::accumulate(map.begin(), map.end(), 0.0), e.values[static_cast<std::size_t>(n)], 1e-12);
  }
}

}  // namespace
}  // namespace salient
