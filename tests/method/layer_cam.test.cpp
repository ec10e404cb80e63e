// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/layer_cam.hpp"

#include <algorithm>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(layer_cam, obeys_the_method_laws) {
  method_laws(methods::layer_cam<>{});
  method_laws(methods::layer_cam<"features">{});
}

/// Behind a ReLU it is at least HiResCAM, which also counts negative gradients.
TEST(layer_cam, is_hires_cam_without_negative_gradients) {
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape, 2);
  const auto all = hires_cam(model, images, logit(1), {.relu = false}).map;
  const auto map = layer_cam(model, images, logit(1)).map;
  EXPECT_FALSE(all_zero(map));
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    EXPECT_GE(map.values[i], 0);
    EXPECT_GE(map.values[i], all.values[i]);
  }
}

/// Two maps at one position, of which the second has a negative gradient.
TEST(layer_cam, drops_negative_gradients_position_by_position) {
  using net = network<input<1, 2, 2>, named<"map", conv2d<2, 1>>, flatten, dense<2>>;
  const model<net> m(device, {{"map.weight", {2, 2, 1, 1}, {1, 0, 0, 1}},
                              {"map.bias", {2}, {0, 0}},
                              {"2.weight", {2, 4}, {1, -1, -1, 2, 0, 0, 0, 0}},
                              {"2.bias", {2}, {0, 0}}});
  tensor image(net::input_shape);
  image.values = {0.5F, 0.25F, 0.75F, 1};  // (map 0, map 1) at both positions
  // PyTorch flattens channels first: weights are of map 0 at both positions, then of map 1.
  EXPECT_EQ(layer_cam<"map">(m, image, logit(0)).map.values, (std::vector{0.5F, 2.0F}));
  EXPECT_EQ(hires_cam<"map">(m, image, logit(0), {.relu = false}).map.values, (std::vector{0.25F, 1.25F}));
}

}  // namespace
}  // namespace salient
