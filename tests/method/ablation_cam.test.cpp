// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/ablation_cam.hpp"

#include <string>
#include <vector>

#include "laws/message_of.hpp"
#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(ablation_cam, obeys_the_method_laws) {
  method_laws(methods::ablation_cam<>{});
  method_laws(methods::ablation_cam<"features">{.relu = false, .budget = 1});
}

/// The branches meet at "sum"; "inside" is in one of them.
using residual_net =
    network<input<7, 6, 2>, conv2d<4, 3>, relu,
            named<"sum", sum<sequence<>, sequence<named<"inside", conv2d<4, 3, with{.padding = 1}>>, relu,
                                                  conv2d<4, 3, with{.padding = 1}>>>>,
            relu, conv2d<3, 2>, relu, flatten, dense<5>>;

/// The weights w_k by whole forward passes of a network whose k-th filter is zero. `names`: the tensors of
/// the layer's filters.
template <class Network>
std::vector<double> by_redrawn_filters(const std::string& layer, int channels,
                                       const basic_tensor<double>& image, int about) {
  const auto weights = random_weights<Network>();
  const double value =
      predict(model<Network, cpu, double>(device, weights), image).values[static_cast<std::size_t>(about)];
  std::vector<double> result;
  for (int k = 0; k < channels; ++k) {
    auto ablated = weights;
    for (auto& t : ablated)
      if (t.name == layer + ".weight" || t.name == layer + ".bias") {
        const std::size_t each = t.values.size() / static_cast<std::size_t>(channels);
        std::fill_n(t.values.begin() + static_cast<std::ptrdiff_t>(each) * k, each, 0.0F);
      }
    const double without =
        predict(model<Network, cpu, double>(device, ablated), image).values[static_cast<std::size_t>(about)];
    result.push_back((value - without) / value);
  }
  return result;
}

/// The maps of a layer, weighed.
template <class Network, int Layer>
basic_tensor<double> weighed(const basic_tensor<double>& image, const std::vector<double>& weights) {
  const auto model = random_model<Network, double>(device);
  session<salient::model<Network, cpu, double>, pass_with<Layer>> s(model, 1);
  const auto maps = query(s, image, logit(0)).activation(Layer);
  basic_tensor<double> map({maps.extent.height, maps.extent.width, 1});
  for (std::size_t i = 0; i < maps.values.size(); ++i)
    map.values[i / weights.size()] += weights[i % weights.size()] * maps.values[i];
  return map;
}

TEST(ablation_cam, weighs_maps_by_what_whole_passes_lose_without_them) {
  const auto image = random_images<double>(conv_net::input_shape);
  {
    const auto model = random_model<conv_net, double>(device);
    const auto expected = weighed<conv_net, 2>(image, by_redrawn_filters<conv_net>("0", 4, image, 3));
    expect_near(ablation_cam<2>(model, image, logit(3), {.relu = false}).map, expected, 1e-11);
    EXPECT_FALSE(all_zero(expected));
  }
  {  // a branch lies behind the layer
    const auto model = random_model<residual_net, double>(device);
    const auto expected = weighed<residual_net, 2>(image, by_redrawn_filters<residual_net>("0", 4, image, 2));
    expect_near(ablation_cam<2>(model, image, logit(2), {.relu = false}).map, expected, 1e-11);
    EXPECT_FALSE(all_zero(expected));
  }
}

/// If the layers behind it are linear and without bias, a map's weight is its share of the score.
TEST(ablation_cam, of_a_linear_end_is_each_maps_share_of_the_score) {
  using net = network<input<7, 6, 2>, conv2d<4, 3>, relu, avg_pool<2>, flatten, dense<5, false>>;
  const auto model = random_model<net, double>(device);
  const auto images = random_images<double>(net::input_shape, 2);
  const auto shares = layer_gradient_x_activation<2>(model, images, logit(1));
  session<salient::model<net, cpu, double>, pass_with<2>> s(model, 2);
  const auto maps = query(s, images, logit(1)).activation(2);
  basic_tensor<double> expected({5, 4, 1}, 2);
  for (long n = 0; n < 2; ++n) {
    std::vector<double> weights(4);
    double sum = 0;
    for (std::size_t i = 0; i < shares.map.image(n).size(); ++i)
      weights[i % 4] += shares.map.image(n)[i] / shares.values[static_cast<std::size_t>(n)];
    for (const double w : weights) sum += w;
    EXPECT_NEAR(sum, 1, 1e-12);
    for (std::size_t i = 0; i < maps.image(n).size(); ++i)
      expected.image(n)[i / 4] += weights[i % 4] * maps.image(n)[i];
  }
  expect_near(ablation_cam<2>(model, images, logit(1), {.relu = false}).map, expected, 1e-11);
}

/// Feature maps x and 2 x; their weights in the score are given.
using two_maps = network<input<1, 2>, named<"features", conv2d<2, 1>>, global_avg_pool, dense<1>>;
model<two_maps> weighing(std::vector<float> weights, float bias = 0) {
  return {device,
          {{"features.weight", {2, 1, 1, 1}, {1, 2}},
           {"features.bias", {2}, {0, 0}},
           {"2.weight", {1, 2}, std::move(weights)},
           {"2.bias", {1}, {bias}}}};
}
const tensor three = [] {
  tensor image(two_maps::input_shape);
  image.values = {0.25F, 0.75F};
  return image;
}();

TEST(ablation_cam, divides_by_the_score) {
  // z = 4 (0.5) - 1 (1) + 1 = 2: the first map has weight 2 / 2, the second -1 / 2; x + 2 (-1/2) x = 0.
  EXPECT_EQ(ablation_cam<"features">(weighing({4, -1}, 1), three, logit(0), {.relu = false}).map.values,
            (std::vector<float>{0, 0}));
  // z = 2 + 1 - 1 = 2: x + 2 (1/2) x
  EXPECT_EQ(ablation_cam<"features">(weighing({4, 1}, -1), three, logit(0)).map.values,
            (std::vector<float>{0.5F, 1.5F}));
}

/// As in the paper: of a negative score, a map that lowers it has a positive share.
TEST(ablation_cam, turns_its_sign_with_that_of_the_score) {
  const auto raised = ablation_cam<"features">(weighing({4, 1}), three, logit(0), {.relu = false}).map;
  const auto lowered = ablation_cam<"features">(weighing({-4, -1}), three, logit(0), {.relu = false}).map;
  EXPECT_EQ(raised.values, lowered.values);
}

TEST(ablation_cam, refuses_in_words) {
  EXPECT_EQ(message_of([&] { ablation_cam<"features">(weighing({2, -1}), three, logit(0)); }),
            "ablation_cam: the value of image 0 is 0, of which a feature map has no share; ask for another "
            "class or target");
  const auto model = random_model<residual_net>(device);
  const auto image = random_images<float>(residual_net::input_shape);
  EXPECT_EQ(message_of([&] { ablation_cam(model, image, logit(1), {.budget = 0}); }),
            "ablation_cam: the budget must be at least 1 byte, got 0");

  constexpr int inside = [] {
    int a = residual_net::find("sum");
    while (residual_net::every_path_crosses(a)) --a;
    return a;
  }();
  static_assert(inside > 2 && !applies<methods::ablation_cam<inside>, residual_net> &&
                applies<methods::ablation_cam<2>, residual_net>);
  session<salient::model<residual_net>, pass_with<inside>> s(model, 1);
  const query q(s, image, logit(1));
  EXPECT_EQ(message_of([&] { methods::ablation_cam<>{}.at(q, inside); }),
            "ablation_cam: activation " + std::to_string(inside) +
                " lies in a branch, but the network runs from it on alone, so that every path from the input "
                "to the scores must cross it; choose a layer where the branches have met");

  // The score is finite because the maps cancel; without one of them it is not.
  using steep = network<input<1, 2>, named<"features", conv2d<2, 1>>, global_avg_pool, dense<1>, dense<1>>;
  const salient::model<steep> far(device, {{"features.weight", {2, 1, 1, 1}, {1, 2}},
                                           {"features.bias", {2}, {0, 0}},
                                           {"2.weight", {1, 2}, {2e38F, -1e38F}},
                                           {"2.bias", {1}, {0}},
                                           {"3.weight", {1, 1}, {10}},
                                           {"3.bias", {1}, {1}}});
  EXPECT_EQ(message_of([&] { ablation_cam<"features">(far, tensor(steep::input_shape, 1, 1.0F), logit(0)); }),
            "the class scores without a feature map are not finite: the values there, or the network's "
            "weights, are too large; images hold pixels from 0 to 1");
}

TEST(ablation_cam, has_the_same_bits_for_every_budget) {
  const auto model = random_model<pooling_net>(device);
  const auto images = random_images<float>(pooling_net::input_shape, 2);
  const auto one_at_a_time = ablation_cam(model, images, logit(1), {.budget = 1}).map.values;
  EXPECT_EQ(ablation_cam(model, images, logit(1)).map.values, one_at_a_time);
  constexpr long each = pooling_net::plan<pass::forward, float>.bytes;
  EXPECT_EQ(ablation_cam(model, images, logit(1), {.budget = 4 * each}).map.values, one_at_a_time);
}

TEST(ablation_cam, leaves_out_the_channels_that_are_zero) {
  using numbers = std::vector<int>;
  const std::vector<float> maps{0, 1, 0, -0.0F, 0, 2};
  EXPECT_EQ(methods::detail::channels_not_zero<float>(maps, 3), (numbers{1, 2}));
  EXPECT_EQ(methods::detail::channels_not_zero<float>(std::vector<float>(4), 2), numbers{});
  std::vector<float> copy(6);
  methods::detail::without_channel<float>(maps, 3, 2, copy);
  EXPECT_EQ(copy, (std::vector<float>{0, 1, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace salient
