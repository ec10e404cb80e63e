// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/fused.hpp"

#include <algorithm>
#include <string>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;
using methods::eigen_cam;
using methods::grad_cam;
using methods::layer_cam;
using methods::layer_conductance;

const cpu device;  // outlives every model

using first_two = methods::fused<grad_cam<1>, layer_cam<"features">>;
static_assert(applies<first_two, conv_net> && !applies<first_two, dense_net>);
static_assert(!applies<methods::fused<methods::gradients>, conv_net>, "a map of pixels");
static_assert(methods::fused<grad_cam<>>::words.non_negative &&
              !methods::fused<grad_cam<>, eigen_cam<>>::words.non_negative);
// One pass serves all: it keeps each layer once.
static_assert(std::is_same_v<
              pass_for<conv_net, methods::gradients, methods::fused<grad_cam<4>, grad_cam<1>>, grad_cam<1>>,
              pass::saliency<1, 4>>);

TEST_ON_EVERY_DEVICE(fused, obeys_the_method_laws) {
  method_laws(first_two{});
  method_laws(
      methods::fused<grad_cam<"features">, layer_conductance<>>{.parts = {{.relu = false}, {.steps = 3}},
                                                                .combine = fusion::maximum,
                                                                .alignment = map_alignment::receptive_field});
}

/// One method, fused, is its map enlarged.
template <class Network, layer_id Layer, class Method>
void one_is_itself(const Method& method) {
  const auto model = random_model<Network>(device);
  const auto images = random_images<float>(Network::input_shape, 2);
  const auto map = std::get<0>(explain(model, images, logit(1), method)).map;
  for (const auto alignment : {map_alignment::stretch, map_alignment::receptive_field})
    for (const auto how : {interpolation::bilinear, interpolation::nearest})
      for (const auto combine : {fusion::mean, fusion::maximum}) {
        const auto e =
            fused(model, images, logit(1), methods::fused<Method>{{method}, combine, alignment, how});
        EXPECT_EQ(e.map.values, (enlarge<Network, Layer>(map, alignment, how).values));
        EXPECT_EQ(e.map.extent, (shape{Network::input_shape.height, Network::input_shape.width, 1}));
        EXPECT_EQ(e.classes, (std::vector{1, 1}));
      }
}
TEST(fused, of_one_method_is_its_map_enlarged) {
  one_is_itself<conv_net, "features">(grad_cam<"features">{.relu = false});
  one_is_itself<pooling_net, default_layer>(grad_cam<>{});
  one_is_itself<pooled_net, default_layer>(methods::cam<>{});
  // The noise's own session reads the layer, so that the method's tap is not the layer.
  one_is_itself<conv_net, "features">(methods::smooth<layer_cam<"features">>{.samples = 3});
}

TEST(fused, takes_means_and_maxima) {
  const auto model = random_model<pooling_net, double>(device);
  const auto images = random_images<double>(pooling_net::input_shape, 2);
  const auto a = enlarge<pooling_net>(salient::grad_cam<2>(model, images, logit(1)).map, 2);
  const auto b =
      enlarge<pooling_net, "features">(salient::layer_cam<"features">(model, images, logit(1)).map);
  auto mean = a, maximum = a;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    mean.values[i] = (a.values[i] + b.values[i]) / 2;
    maximum.values[i] = std::max(a.values[i], b.values[i]);
  }
  EXPECT_EQ((fused<grad_cam<2>, layer_cam<"features">>(model, images, logit(1)).map.values), mean.values);
  EXPECT_EQ((fused<grad_cam<2>, layer_cam<"features">>(model, images, logit(1), {.combine = fusion::maximum}))
                .map.values,
            maximum.values);
  EXPECT_NE(mean.values, maximum.values);
}

/// Of maps with channels the sum: layer gradient x activation is then HiResCAM.
TEST(fused, adds_the_channels_of_a_map) {
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape);
  const auto channels = fused<methods::layer_gradient_x_activation<"features">>(model, images, logit(2)).map;
  const auto sum = hires_cam<"features">(model, images, logit(2), {.relu = false}).map;
  expect_near(channels, enlarge<conv_net, "features">(sum), 1e-14);
}

TEST(fused, can_be_smoothed_and_take_options_for_each_image) {
  using conductance = layer_conductance<"features">;
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape, 2);
  auto baselines = images;
  for (double& v : baselines.values) v *= 0.5;
  const methods::smooth<methods::fused<grad_cam<1>, conductance>> method{
      .base = {.parts = {{}, {.steps = 2, .baseline_image = baselines}}}, .samples = 3};
  const auto together = std::get<0>(explain(model, images, logit(1), method));
  auto second = method;
  std::get<1>(second.base.parts).baseline_image = baselines.slice(1, 1);
  const auto alone = std::get<0>(explain(model, images.slice(1, 1), logit(1), second));
  expect_near(together.map.image(1), std::span<const double>(alone.map.values), 1e-12);
}

TEST(fused, checks_the_options_of_its_methods) {
  const auto model = random_model<conv_net>(device);
  const auto image = random_images<float>(conv_net::input_shape);
  try {
    fused(model, image, logit(1),
          methods::fused<grad_cam<>, layer_conductance<>>{.parts = {{}, {.steps = 0}}});
    FAIL();
  } catch (const error& e) {
    EXPECT_STREQ(e.what(), "layer conductance: steps must be between 1 and 99999, got 0");
  }
}

}  // namespace
}  // namespace salient
