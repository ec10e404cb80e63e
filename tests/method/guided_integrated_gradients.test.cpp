// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/guided_integrated_gradients.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "laws/method_laws.hpp"
#include "salient/layer/activation.hpp"

namespace salient {
namespace {

using namespace laws;
using guided = methods::guided_integrated_gradients;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(guided_ig, obeys_the_method_laws) {
  method_laws(guided{.steps = 20});
  method_laws(guided{.steps = 7, .fraction = 0.1, .distance = 0.3, .baseline = 0.25});
}

TEST(guided_ig, of_a_linear_network_is_what_each_feature_contributes) {
  using plane = network<input<1, 2>, flatten, dense<1>>;
  const model<plane, cpu, double> f(device, {{"1.weight", {1, 2}, {2, 1}}, {"1.bias", {1}, {0}}});
  basic_tensor<double> image(plane::input_shape);
  image.values = {10, 5};
  const auto e = guided_ig(f, image, logit(0));
  EXPECT_NEAR(e.map.values[0], 20, 1e-12);
  EXPECT_NEAR(e.map.values[1], 5, 1e-12);
  EXPECT_NEAR(e.gaps[0], 0, 1e-12);
  EXPECT_EQ(e.baseline_values[0], 0);
  EXPECT_EQ(e.points[0], 200);
}

/// z = x1 + 2 x2 - 2 relu(x1 + x2 - 1), from (0, 0) to (1, 1): the gradient is (1, 2), and (-1, 0) above the
/// diagonal.
TEST(guided_ig, moves_the_feature_with_the_smallest_gradient_first) {
  using bent = network<input<1, 2>, flatten, dense<3>, relu, dense<1>>;
  const model<bent, cpu, double> f(device, {{"1.weight", {3, 2}, {1, 0, 0, 1, 1, 1}},
                                            {"1.bias", {3}, {0.5, 0.5, -1}},
                                            {"3.weight", {1, 3}, {1, 2, -2}},
                                            {"3.bias", {1}, {-1.5}}});
  const basic_tensor<double> image(bent::input_shape, 1, 1.0);
  const auto map = [&](const guided& options) { return guided_ig(f, image, logit(0), options).map.values; };
  // The first feature goes all the way in two steps. Then the second starts at the kink, where relu'(0) = 0,
  // and ends behind it.
  EXPECT_EQ(map({.steps = 4, .fraction = 0, .distance = 1}), (std::vector{1.0, 1.0}));
  // On the straight line both meet the kink in the middle: gradients at 0, 1/4, 1/2 and 3/4.
  EXPECT_EQ(map({.steps = 4, .fraction = 0, .distance = 0}), (std::vector{0.5, 1.5}));
  // At most 1/8 from the line: (3/8, 1/8), (5/8, 3/8) on the kink, (7/8, 5/8) and (1, 1).
  EXPECT_EQ(map({.steps = 4, .fraction = 0, .distance = 0.125}), (std::vector{0.75, 1.25}));
}

TEST(guided_ig, on_the_straight_line_is_integrated_gradients_by_the_left_rule) {
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape, 2);
  const auto line =
      integrated_gradients(model, images, logit(1), {.steps = 30, .rule = quadrature::left, .baseline = 0.2});
  const guided no_way_off{.steps = 30, .distance = 0, .baseline = 0.2},
      all_together{.steps = 30, .fraction = 1, .baseline = 0.2};
  expect_near(guided_ig(model, images, logit(1), no_way_off).map, line.map, 1e-12);
  expect_near(guided_ig(model, images, logit(1), all_together).map, line.map, 1e-12);
  const auto bent = guided_ig(model, images, logit(1), {.steps = 30, .baseline = 0.2});
  double apart = 0;
  for (std::size_t i = 0; i < bent.map.values.size(); ++i)
    apart = std::max(apart, std::abs(bent.map.values[i] - line.map.values[i]));
  EXPECT_GT(apart, 1e-4) << "another path by default";
}

template <class T>
void expect_gaps_reported(const integrated<T>& e) {
  for (std::size_t n = 0; n < e.gaps.size(); ++n) {
    const auto map = e.map.image(static_cast<long>(n));
    const double sum = std::accumulate(map.begin(), map.end(), 0.0);
    EXPECT_NEAR(e.gaps[n], sum - (e.values[n] - e.baseline_values[n]), 1e-12);
  }
}

TEST(guided_ig, sums_to_the_change_of_the_target_as_steps_grow) {
  using smooth = network<input<6, 5, 2>, conv2d<4, 3>, tanh, conv2d<3, 2>, tanh, flatten, dense<4>>;
  const auto model = random_model<smooth, double>(device);
  const auto image = random_images<double>(smooth::input_shape);
  const auto check = [&](const auto& target) {
    double before = 1;
    for (const int steps : {20, 200, 2000}) {
      const auto e = guided_ig(model, image, target, {.steps = steps});
      expect_gaps_reported(e);
      const double gap = e.relative_gap(0);
      if (steps > 20) {
        EXPECT_NEAR(gap / before, 0.1, 0.05) << "a rule that takes the gradient at the start of each step";
      }
      before = gap;
    }
    EXPECT_LT(before, 1e-3);
  };
  check(logit(1));
  check(probability(1));
  check(cross_entropy(2));
}

/// The path may run along a kink, where each step takes the gradient of the side that it leaves: the gap need
/// not vanish.
TEST(guided_ig, nearly_sums_to_the_change_of_the_target_where_gradients_jump) {
  for_each_network([&]<class Network>() {
    const auto model = random_model<Network, double>(device);
    const auto e = guided_ig(model, random_images<double>(Network::input_shape, 2), logit(1));
    expect_gaps_reported(e);
    for (std::size_t n = 0; n < 2; ++n) EXPECT_LT(std::abs(e.gaps[n]), 0.05);
  });
}

/// Equal gradients move together: swapping two equal features swaps nothing.
TEST(guided_ig, does_not_depend_on_the_order_of_equal_features) {
  using small = network<input<1, 6>, flatten, dense<4>, relu, dense<2>>;
  auto weights = random_weights<small>();
  for (named_tensor& t : weights)
    if (t.name == "1.weight")
      for (std::size_t k = 0; k < 4; ++k) t.values[6 * k + 1] = t.values[6 * k + 4] = t.values[6 * k];
  const model<small, cpu, double> f(device, weights);
  const auto map =
      guided_ig(f, basic_tensor<double>(small::input_shape, 1, 1.0), logit(1), {.fraction = 0, .distance = 1})
          .map.values;
  EXPECT_EQ(map[1], map[0]);
  EXPECT_EQ(map[4], map[0]);
  EXPECT_NE(map[2], map[0]);
}

TEST(guided_ig, gives_nothing_to_features_that_do_not_change) {
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 2);
  auto baselines = images;
  std::ranges::fill(baselines.image(1), 0.25F);
  baselines.image(1)[5] = images.image(1)[5];
  const auto e = guided_ig(model, images, logit(1), {.steps = 9, .baseline_image = baselines});
  EXPECT_TRUE(std::ranges::all_of(e.map.image(0), [](float v) { return v == 0; })) << "no way to go";
  EXPECT_EQ(e.baseline_values[0], e.values[0]);
  EXPECT_EQ(e.map.image(1)[5], 0);
  EXPECT_NE(e.map.image(1)[4], 0);
  const auto alone =
      guided_ig(model, images.slice(1, 1), logit(1), {.steps = 9, .baseline_image = baselines.slice(1, 1)});
  EXPECT_EQ(alone.map.values, e.map.slice(1, 1).values);
}

TEST(guided_ig, arrives_for_images_of_every_scale) {
  using linear = network<input<6, 5, 2>, conv2d<3, 3>, avg_pool<2>, flatten, dense<4>>;
  const auto model = random_model<linear, double>(device);
  for (const double scale : {1e-12, 1e12}) {
    auto image = random_images<double>(linear::input_shape);
    for (double& v : image.values) v *= scale;
    expect_near(guided_ig(model, image, logit(1)).map, gradients_x_input(model, image, logit(1)).map, 1e-12);
  }
}

/// As integrated gradients do: on a blank background even the last bit of the image counts in a max-pool.
TEST(guided_ig, ends_exactly_at_the_image) {
  auto from = random_images<double>({8, 8, 2}, 1, 29), to = random_images<double>({8, 8, 2});
  for (double& v : from.values) v /= 3;
  for (double& v : to.values) v /= 7;
  bool rounded = false;  // so that this says something
  for (std::size_t i = 0; i < to.values.size(); ++i)
    rounded |= from.values[i] + (to.values[i] - from.values[i]) != to.values[i];
  EXPECT_TRUE(rounded);
  methods::detail::guided_path path;
  path.begin<double>(from.values, to.values);
  for (int step = 0; step < 3; ++step)
    path.advance<double>(step, {.steps = 3, .fraction = 0.25, .distance = 0.1}, to.values);
  basic_tensor<double> end(to.extent);
  path.point<double>(from.values, to.values, end.values);
  EXPECT_EQ(end.values, to.values);
}

TEST(guided_ig, has_the_same_bits_for_every_budget) {
  const auto model = random_model<pooling_net>(device);
  const auto images = random_images<float>(pooling_net::input_shape, 5);
  constexpr long each = pooling_net::plan<pass_with<>, float>.bytes;
  const auto one_at_a_time = guided_ig(model, images, logit(1), {.steps = 12, .budget = 0});
  for (const long budget : {2 * each, 64L << 20}) {
    const auto together = guided_ig(model, images, logit(1), {.steps = 12, .budget = budget});
    EXPECT_EQ(together.map.values, one_at_a_time.map.values);
    EXPECT_EQ(together.baseline_values, one_at_a_time.baseline_values);
  }
}

std::string refusal(const guided& options) {
  const auto model = random_model<conv_net>(device);
  try {
    guided_ig(model, random_images<float>(conv_net::input_shape), logit(1), options);
  } catch (const error& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(guided_ig, refuses_wrong_options) {
  EXPECT_EQ(refusal({.steps = 0}), "guided IG: steps must be between 1 and 100000, got 0");
  EXPECT_EQ(refusal({.fraction = -0.5}), "guided IG: the fraction must be between 0 and 1, got -0.5");
  EXPECT_EQ(refusal({.fraction = std::nan("")}), "guided IG: the fraction must be between 0 and 1, got nan");
  EXPECT_EQ(refusal({.distance = 1.5}), "guided IG: the distance must be between 0 and 1, got 1.5");
  EXPECT_EQ(refusal({.baseline = 0, .baseline_image = basic_tensor<double>(conv_net::input_shape)}),
            "guided IG: a baseline and a baseline_image are given; a line starts at one of them");
  EXPECT_EQ(refusal({.baseline_image = basic_tensor<double>({1, 1, 1})}).substr(0, 58),
            "guided IG: the baseline image must have the input's shape,");
  EXPECT_EQ(refusal({.steps = 1, .fraction = 0, .distance = 0}), "nothing thrown");
}

TEST(guided_ig, refuses_what_is_not_finite) {
  using plain = network<input<1, 2>, flatten, dense<1>>;
  const auto of = [&](std::vector<float> weights, std::vector<float> pixels) -> std::string {
    const model<plain> m(device, {{"1.weight", {1, 2}, std::move(weights)}, {"1.bias", {1}, {0}}});
    tensor image(plain::input_shape);
    image.values = std::move(pixels);
    try {
      guided_ig(m, image, logit(0), {.steps = 2, .baseline = 3e38});
    } catch (const error& e) {
      return e.what();
    }
    return "nothing thrown";
  };
  EXPECT_EQ(
      of({1, 1}, {0, 1}),
      "the class scores at the baseline are not finite: the values there, or the network's weights, are "
      "too large; images hold pixels from 0 to 1");
}

}  // namespace
}  // namespace salient
