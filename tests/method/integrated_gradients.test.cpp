// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/integrated_gradients.hpp"

#include <numeric>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;
constexpr quadrature rules[] = {quadrature::gauss_legendre, quadrature::midpoint, quadrature::trapezoid,
                                quadrature::left, quadrature::right};

TEST_ON_EVERY_DEVICE(integrated_gradients, obeys_the_method_laws) {
  method_laws(methods::integrated_gradients{.steps = 20});
}

template <class T>
double sum(const basic_tensor<T>& t) {
  return std::accumulate(t.values.begin(), t.values.end(), 0.0);
}

TEST(integrated_gradients, sums_to_the_change_of_every_target_as_steps_grow) {
  const cpu device;
  for_each_network([&]<class Network>() {
    const auto model = random_model<Network, double>(device);
    const auto image = random_images<double>(Network::input_shape);
    const auto check = [&](const auto& target) {
      for (const quadrature rule : rules) {
        const auto e = integrated_gradients(model, image, target, {.steps = 3000, .rule = rule});
        EXPECT_NEAR(sum(e.map), e.values[0] - e.baseline_values[0], 3e-3);
        EXPECT_NEAR(e.gaps[0], sum(e.map) - (e.values[0] - e.baseline_values[0]), 1e-12)
            << "the gap is reported";
      }
    };
    check(logit(1));
    check(probability(1));
    check(cross_entropy(1));
  });
}

TEST(integrated_gradients, is_complete_for_a_linear_network_with_any_rule_and_few_steps) {
  using linear = network<input<6, 5, 2>, conv2d<3, 3>, avg_pool<2>, flatten, dense<4>>;
  const cpu device;
  const auto model = random_model<linear, double>(device);
  const auto image = random_images<double>(linear::input_shape);
  for (const quadrature rule : rules)
    for (const int steps : {1, 2, 50}) {
      const auto e =
          integrated_gradients(model, image, logit(2), {.steps = steps, .rule = rule, .baseline = 0.3f});
      EXPECT_NEAR(e.gaps[0], 0, 1e-12) << steps;
    }
}

/// f(x) = 1 - relu(1 - x): flat above 1, where gradients see nothing although f has changed since 0.
TEST(integrated_gradients, sees_what_saturated_gradients_do_not) {
  using saturating = network<input<1, 1, 1>, dense<1>, relu, dense<1>>;
  const cpu device;
  const model<saturating, cpu, double> f(
      device,
      {{"0.weight", {1, 1}, {-1}}, {"0.bias", {1}, {1}}, {"2.weight", {1, 1}, {-1}}, {"2.bias", {1}, {1}}});
  const basic_tensor<double> two(saturating::input_shape, 1, 2.0);
  EXPECT_EQ(gradients(f, two, logit(0)).map.values[0], 0);
  EXPECT_NEAR(
      integrated_gradients(f, two, logit(0), {.steps = 1000, .rule = quadrature::midpoint}).map.values[0], 1,
      1e-12);
}

TEST(integrated_gradients, starts_at_the_baseline) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 2);
  const auto zeros = integrated_gradients(model, images, logit(1));
  EXPECT_EQ(integrated_gradients(model, images, logit(1), {.baseline_image = tensor(conv_net::input_shape)})
                .map.values,
            zeros.map.values);

  const auto constant = integrated_gradients(model, images, logit(1), {.baseline = 0.25f});
  EXPECT_EQ(integrated_gradients(model, images, logit(1),
                                 {.baseline_image = tensor(conv_net::input_shape, 1, 0.25f)})
                .map.values,
            constant.map.values);
  EXPECT_NE(constant.map.values, zeros.map.values);
  EXPECT_NEAR(constant.baseline_values[0],
              gradients(model, tensor(conv_net::input_shape, 1, 0.25f), logit(1)).values[0], 1e-5);

  EXPECT_TRUE(all_zero(integrated_gradients(model, images, logit(1), {.baseline_image = images}).map))
      << "one baseline an image: from an image to itself nothing changes";
}

TEST(integrated_gradients, does_not_depend_on_how_steps_are_grouped) {
  // 16 run at once: 40 is two groups and a half. By hand, each point alone:
  const cpu device;
  const auto model = random_model<pooling_net, double>(device);
  const auto image = random_images<double>(pooling_net::input_shape);
  const nodes points = make_nodes(quadrature::gauss_legendre, 40);
  basic_tensor<double> by_hand(pooling_net::input_shape);
  for (std::size_t i = 0; i < points.positions.size(); ++i) {
    auto at = image;
    for (double& v : at.values) v *= points.positions[i];
    const auto slope = gradients(model, at, logit(3)).map;
    for (std::size_t k = 0; k < slope.values.size(); ++k)
      by_hand.values[k] += points.weights[i] * slope.values[k] * image.values[k];
  }
  expect_near(integrated_gradients(model, image, logit(3), {.steps = 40}).map, by_hand, 1e-12);
}

TEST(integrated_gradients, refuses_what_is_no_path) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto image = random_images(conv_net::input_shape);
  const auto refuse = [&](const methods::integrated_gradients& options) {
    EXPECT_THROW(integrated_gradients(model, image, logit(1), options), error);
  };
  refuse({.steps = 0});
  refuse({.steps = -1});
  refuse({.steps = 1'000'000});
  refuse({.baseline = std::numeric_limits<float>::infinity()});
  refuse({.baseline_image = tensor({1, 1, 1})});
  tensor lying(conv_net::input_shape);
  lying.values.resize(3);
  refuse({.baseline_image = lying});
  refuse({.baseline_image = tensor(conv_net::input_shape, 2)});
  refuse({.baseline_image = tensor(conv_net::input_shape, 1, std::nanf(""))});
}

}  // namespace
}  // namespace salient
