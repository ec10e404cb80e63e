// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/score_cam.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "laws/message_of.hpp"
#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(score_cam, obeys_the_method_laws) {
  method_laws(methods::score_cam<>{});
  method_laws(methods::score_cam<"features">{.relu = false, .budget = 1});
}

/// The softmax of one score is 1.
TEST(score_cam, of_a_single_feature_map_is_that_map) {
  using net = network<input<6, 7, 2>, named<"features", conv2d<1, 3>>, relu, flatten, dense<4>>;
  const auto model = random_model<net, double>(device);
  const auto images = random_images<double>(net::input_shape, 2);
  session<salient::model<net, cpu, double>, pass_with<1>> s(model, 2);
  const query q(s, images, logit(1));
  auto maps = q.activation(1);
  EXPECT_EQ(score_cam<"features">(model, images, logit(1), {.relu = false}).map.values, maps.values);
  methods::detail::keep_positive(maps);
  EXPECT_FALSE(all_zero(maps));
  EXPECT_EQ(score_cam<"features">(model, images, logit(1)).map.values, maps.values);
}

/// The map from scores of masked images, each predicted by itself.
template <class Network, layer_id Layer, class Target>
basic_tensor<double> by_definition(const model<Network, cpu, double>& model,
                                   const basic_tensor<double>& image, const Target& target) {
  constexpr int layer = chosen_activation<Network, Layer>;
  session<salient::model<Network, cpu, double>, pass_with<layer>> s(model, 1);
  const query q(s, image, target);
  const auto maps = q.activation(layer);
  const shape extent = maps.extent;
  std::vector<double> weights;
  double total = 0;
  for (int k = 0; k < extent.channels; ++k) {
    basic_tensor<double> mask({extent.height, extent.width, 1});
    double least = 1e300, largest = -1e300;
    for (int y = 0; y < extent.height; ++y)
      for (int x = 0; x < extent.width; ++x) {
        mask(0, y, x, 0) = maps(0, y, x, k);
        least = std::min(least, maps(0, y, x, k));
        largest = std::max(largest, maps(0, y, x, k));
      }
    for (double& v : mask.values) v = largest > least ? (v - least) / (largest - least) : 0;
    mask = resample(mask, size(image.extent));
    auto masked = image;
    for (std::size_t i = 0; i < masked.values.size(); ++i)
      masked.values[i] *= mask.values[i / static_cast<std::size_t>(image.extent.channels)];
    const auto z = predict(model, masked);
    weights.push_back(std::exp(target.value(std::span<const double>(z.values), target.classes[0])));
    total += weights.back();
  }
  basic_tensor<double> map({extent.height, extent.width, 1});
  for (int y = 0; y < extent.height; ++y)
    for (int x = 0; x < extent.width; ++x)
      for (int k = 0; k < extent.channels; ++k)
        map(0, y, x, 0) += weights[static_cast<std::size_t>(k)] / total * maps(0, y, x, k);
  return map;
}

TEST(score_cam, weighs_maps_by_the_softmax_of_the_scores_that_they_let_through) {
  const auto model = random_model<conv_net, double>(device);
  const auto image = random_images<double>(conv_net::input_shape);
  expect_near(score_cam<"features">(model, image, logit(3), {.relu = false}).map,
              by_definition<conv_net, "features">(model, image, logit(3)), 1e-12);
  expect_near(score_cam(model, image, probability(1)).map,
              by_definition<conv_net, default_layer>(model, image, probability(1)), 1e-12);
}

TEST(score_cam, scales_a_constant_map_to_zero) {
  const std::vector<double> image{1, 2, 3, 4}, constant(4, 5.0);
  std::vector<double> masked(4, 9.0);
  methods::detail::channel_masks({2, 2, 1}, {2, 2, 1}).apply<double>(image, constant, 0, masked);
  EXPECT_EQ(masked, std::vector<double>(4, 0.0));
}

TEST(score_cam, masks_by_the_map_scaled_and_enlarged) {
  const std::vector<double> image{1, 10, 2, 20, 3, 30, 4, 40},
      maps{7, -2, 7, 2};  // the second channel: -2, 2
  std::vector<double> masked(8);
  methods::detail::channel_masks({1, 4, 2}, {1, 2, 2}).apply<double>(image, maps, 1, masked);
  EXPECT_EQ(masked, (std::vector<double>{0, 0, 0.5, 5, 2.25, 22.5, 4, 40}));
}

TEST(score_cam, has_the_same_bits_for_every_budget) {
  const auto model = random_model<pooling_net>(device);
  const auto images = random_images<float>(pooling_net::input_shape, 2);
  const auto one_at_a_time = score_cam(model, images, logit(1), {.budget = 1}).map.values;
  EXPECT_EQ(score_cam(model, images, logit(1)).map.values, one_at_a_time);
  constexpr long each = pooling_net::plan<pass::forward, float>.bytes;
  EXPECT_EQ(score_cam(model, images, logit(1), {.budget = 4 * each}).map.values, one_at_a_time);
}

/// Far apart scores neither overflow nor give NaN.
TEST(score_cam, takes_scores_that_are_far_apart) {
  std::vector<double> scores{-4000, 3000, 2990};
  methods::detail::to_softmax(scores);
  EXPECT_EQ(scores[0], 0);
  EXPECT_NEAR(scores[1], 1 / (1 + std::exp(-10.0)), 1e-15);
  EXPECT_NEAR(scores[2], 1 / (1 + std::exp(10.0)), 1e-15);
}

TEST(score_cam, refuses_in_words) {
  const auto model = random_model<conv_net>(device);
  const auto image = random_images<float>(conv_net::input_shape);
  EXPECT_EQ(message_of([&] { score_cam(model, image, logit(1), {.budget = 0}); }),
            "score_cam: the budget must be at least 1 byte, got 0");

  // The two pixels nearly cancel; one without the other does not.
  using steep = network<input<1, 2>, named<"features", conv2d<1, 1>>, flatten, dense<1>, dense<1>>;
  const salient::model<steep> far(device, {{"features.weight", {1, 1, 1, 1}, {1}},
                                           {"features.bias", {1}, {0}},
                                           {"2.weight", {1, 2}, {3e38F, -3e38F}},
                                           {"2.bias", {1}, {0}},
                                           {"3.weight", {1, 1}, {10}},
                                           {"3.bias", {1}, {0}}});
  tensor balanced(steep::input_shape);
  balanced.values = {1, 1.00000012F};
  EXPECT_EQ(message_of([&] { score_cam<"features">(far, balanced, logit(0)); }),
            "the class scores at an image masked by a feature map are not finite: the values there, or the "
            "network's weights, are too large; images hold pixels from 0 to 1");
}

}  // namespace
}  // namespace salient
