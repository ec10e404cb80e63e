// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/integrated_gradients.hpp"

#include <cmath>
#include <numeric>
#include <string>

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

/// f(x) = 1 - relu(1 - x): saturated above 1, where the gradient is zero although f has changed since 0.
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
  // Steps run in groups of 16, so 40 steps are two and a half groups. The reference takes each step alone.
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

TEST(integrated_gradients, measures_each_image_against_its_own_baseline_and_class) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 3);
  const auto baselines = random_images(conv_net::input_shape, 3, 29);
  const std::vector<int> classes{1, 0, 4};
  const auto e = integrated_gradients(model, images, logit(classes), {.baseline_image = baselines});
  const tensor scores = predict(model, baselines);
  for (std::size_t n = 0; n < 3; ++n)
    EXPECT_NEAR(e.baseline_values[n],
                scores.image(static_cast<long>(n))[static_cast<std::size_t>(classes[n])], 1e-5);
}

TEST(integrated_gradients, preprocesses_a_baseline_image_and_no_other_baseline) {
  constexpr preprocessing p{.mean = 0.25, .deviation = 0.5};
  const cpu device;
  const auto weights = random_weights<conv_net>();
  const model<conv_net> told(device, weights, p), plain(device, weights);
  const auto images = random_images(conv_net::input_shape, 2),
             black = random_images(conv_net::input_shape, 1, 5);
  const auto inputs = preprocess(p, images);
  const auto map = [](const auto& m, const tensor& x, const methods::integrated_gradients& options) {
    return integrated_gradients(m, x, logit(1), options).map.values;
  };
  EXPECT_EQ(map(told, images, {}), map(plain, inputs, {})) << "from 0 of the network's input";
  EXPECT_EQ(map(told, images, {.baseline = 0.7}), map(plain, inputs, {.baseline = 0.7}));
  EXPECT_EQ(map(told, images, {.baseline_image = black}),
            map(plain, inputs, {.baseline_image = preprocess(p, black)}));
  EXPECT_EQ(map(told, images, {.baseline_image = tensor(conv_net::input_shape)}),
            map(plain, inputs, {.baseline = -0.5}))
      << "a black picture is -mean / deviation";
}

TEST(integrated_gradients, takes_baseline_images_in_float_and_in_double) {
  const cpu device;
  const auto narrow = random_model<conv_net>(device);
  const auto wide = random_model<conv_net, double>(device);
  const tensor image = random_images(conv_net::input_shape),
               baseline = random_images(conv_net::input_shape, 1, 5);
  const basic_tensor<double> wide_baseline = baseline;
  const auto in_float = integrated_gradients(narrow, image, logit(1), {.baseline_image = baseline});
  EXPECT_EQ(integrated_gradients(narrow, image, logit(1), {.baseline_image = wide_baseline}).map.values,
            in_float.map.values);
  const auto in_double = integrated_gradients(wide, image, logit(1), {.baseline_image = baseline});
  EXPECT_EQ(integrated_gradients(wide, image, logit(1), {.baseline_image = wide_baseline}).map.values,
            in_double.map.values);
  expect_near(basic_tensor<double>(in_float.map), in_double.map, 1e-4);
}

/// A user-defined layer that counts its forward passes, which shows whether the network was run.
struct counting : layer_defaults {
  static constexpr std::string_view name = "counting";
  static inline int forwards = 0;
  static constexpr shape output(shape in) { return in; }
  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    ++forwards;
    kernel::apply(d, t.x, {}, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::apply(d, t.dy, {}, t.dx);
  }
};
using counted = network<input<5, 4>, counting, flatten, dense<3>>;

std::string refusal(const methods::integrated_gradients& options, const tensor& images) {
  const cpu device;
  const auto model = random_model<counted>(device);
  counting::forwards = 0;
  try {
    integrated_gradients(model, images, logit(1), options);
  } catch (const error& e) {
    EXPECT_EQ(counting::forwards, 0) << "refused before any work: " << e.what();
    return e.what();
  }
  return "nothing thrown";
}
std::string refusal(const methods::integrated_gradients& options) {
  return refusal(options, random_images(counted::input_shape));
}

TEST(integrated_gradients, refuses_options_for_what_they_are_before_any_work) {
  const std::string limits = " must be between 1 and 100000, got ";
  for (const int steps : {0, -1, 100'001, 1'000'000}) {
    EXPECT_EQ(refusal({.steps = steps}), "integrated gradients: steps" + limits + std::to_string(steps));
    EXPECT_EQ(refusal({.tolerance = 0.1, .most_steps = steps}),
              "integrated gradients: most_steps" + limits + std::to_string(steps));
  }
  EXPECT_EQ(refusal({.most_steps = 100}),
            "integrated gradients: most_steps goes with a tolerance; without one, steps is their number");
  const std::string tolerance = "integrated gradients: the tolerance must be above zero and finite";
  for (const double bad : {0.0, -0.1, std::nan(""), HUGE_VAL})
    EXPECT_EQ(refusal({.tolerance = bad}), tolerance);

  const tensor image(counted::input_shape);
  EXPECT_EQ(refusal({.baseline = 0.0, .baseline_image = image}),
            "integrated gradients: a baseline and a baseline_image are given; a line starts at one of them");
  EXPECT_EQ(refusal({.baseline = HUGE_VAL}), "integrated gradients: the baseline must be a finite number");
  const std::string shape =
      "integrated gradients: the baseline image must have the input's shape, and there must be one, or one "
      "for "
      "each image";
  EXPECT_EQ(refusal({.baseline_image = tensor({1, 1, 1})}), shape);
  EXPECT_EQ(refusal({.baseline_image = tensor(counted::input_shape, 2)}), shape);
  EXPECT_EQ(refusal({.baseline_image = tensor(counted::input_shape, 2)}, tensor(counted::input_shape, 3)),
            shape);
  EXPECT_EQ(refusal({.baseline_image = tensor(counted::input_shape, 0)}), shape);
  tensor lying(counted::input_shape);
  lying.values.resize(3);
  EXPECT_EQ(refusal({.baseline_image = lying}),
            "integrated gradients: the baseline image's values do not fill its extent");
  EXPECT_EQ(refusal({.baseline_image = tensor(counted::input_shape, 1, std::nanf(""))}),
            "integrated gradients: the baseline image has a value that is not finite");
  EXPECT_EQ(refusal({.baseline = 0.0}), "nothing thrown");
}

TEST(integrated_gradients, refuses_a_baseline_that_float_cannot_hold) {
  const cpu device;
  const auto m = random_model<conv_net>(device);
  const auto image = random_images(conv_net::input_shape);
  EXPECT_THROW(integrated_gradients(m, image, logit(1), {.baseline = 1e300}), error);
  EXPECT_THROW(
      integrated_gradients(m, image, logit(1),
                           {.baseline_image = basic_tensor<double>(conv_net::input_shape, 1, 1e300)}),
      error);
}

}  // namespace
}  // namespace salient
