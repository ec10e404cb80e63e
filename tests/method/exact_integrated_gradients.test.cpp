// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/exact_integrated_gradients.hpp"

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

static_assert(piecewise_linear<conv_net> && piecewise_linear<pooled_softmax_net>,
              "a softmax at the end does not count");
static_assert(!piecewise_linear<network<input<2, 2>, flatten, dense<3>, softmax, dense<2>>>);

TEST_ON_EVERY_DEVICE(exact_integrated_gradients, obeys_the_method_laws) {
  method_laws(methods::exact_integrated_gradients{});
}

/// The gap relative to the sum of absolute attributions. Where attributions cancel, their sum may be smaller
/// than the rounding errors.
template <class T>
double gap_of(const integrated<T>& e) {
  double magnitude = 0;
  for (const T v : e.map.values) magnitude += std::abs(static_cast<double>(v));
  return std::abs(static_cast<double>(e.gaps[0])) / magnitude;
}

TEST(exact_integrated_gradients, are_complete_to_rounding) {
  const cpu device;
  for_each_network([&]<class Network>() {
    for (unsigned seed = 0; seed < 5; ++seed) {
      const auto wide =
          integrated_gradients(random_model<Network, double>(device),
                               random_images<double>(Network::input_shape, 1, seed), logit(1), exact{});
      EXPECT_LT(gap_of(wide), 1e-10) << wide.points[0] << " pieces";
      const auto narrow =
          integrated_gradients(random_model<Network>(device),
                               random_images<float>(Network::input_shape, 1, seed), logit(1), exact{});
      EXPECT_LT(gap_of(narrow), 1e-5) << narrow.points[0] << " pieces";
    }
  });
}

TEST(exact_integrated_gradients, are_what_sums_over_ever_more_steps_tend_to) {
  const cpu device;
  for_each_network([&]<class Network>() {
    const auto model = random_model<Network, double>(device);
    const auto images = random_images<double>(Network::input_shape, 2);
    const tensor baseline = random_images<float>(Network::input_shape, 1, 11);
    const auto whole = integrated_gradients(model, images, logit(1), exact{.baseline_image = baseline});
    const auto sums = integrated_gradients(
        model, images, logit(1), {.steps = 20'000, .rule = quadrature::midpoint, .baseline_image = baseline});
    expect_near(whole.map, sums.map, 1e-3);
    EXPECT_EQ(whole.baseline_values, sums.baseline_values);
  });
}

/// f(x) = relu(x - 1) + relu(2 x - 6): three linear pieces from 0 to 5, which end at 1/5, 3/5 and 1.
TEST(exact_integrated_gradients, find_the_pieces_of_a_function_worked_out_by_hand) {
  using net = network<input<1, 1, 1>, dense<2>, relu, dense<1>>;
  const cpu device;
  const model<net, cpu, double> f(device, {{"0.weight", {2, 1}, {1, 2}},
                                           {"0.bias", {2}, {-1, -6}},
                                           {"2.weight", {1, 2}, {1, 1}},
                                           {"2.bias", {1}, {0}}});
  const auto e = integrated_gradients(f, basic_tensor<double>(net::input_shape, 1, 5.0), logit(0), exact{});
  EXPECT_NEAR(e.map.values[0], 8, 1e-10);
  EXPECT_EQ(e.values[0], 8);
  EXPECT_GE(e.points[0], 3);
  EXPECT_LE(e.points[0], 3 + 8) << "the line is walked in eight stretches, whose ends may cut a piece";
}

/// f(x, y) = max(x, y): the maximum changes its input halfway from (0, 1) to (4, 3).
TEST(exact_integrated_gradients, see_max_pools_switch) {
  using net = network<input<1, 2, 1>, max_pool<size{1, 2}>, dense<1, false>>;
  const cpu device;
  const model<net, cpu, double> f(device, {{"1.weight", {1, 1}, {1}}});
  basic_tensor<double> image(net::input_shape);
  image.values = {4, 3};
  tensor baseline(net::input_shape);
  baseline.values = {0, 1};
  const auto e = integrated_gradients(f, image, logit(0), exact{.baseline_image = baseline});
  EXPECT_NEAR(e.map.values[0], 4 * 0.5, 1e-10) << "x wins on the second half";
  EXPECT_NEAR(e.map.values[1], 2 * 0.5, 1e-10) << "y wins on the first";
}

TEST(exact_integrated_gradients, give_up_beyond_the_pieces_allowed) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto image = random_images<float>(conv_net::input_shape);
  const auto explained = [&](int most) {
    return integrated_gradients(model, image, logit(1), exact{.most_pieces = most});
  };
  const int pieces = explained(1'000'000).points[0];
  EXPECT_GT(pieces, 10);
  EXPECT_EQ(explained(pieces).points[0], pieces) << "as many as are allowed";
  EXPECT_THROW(explained(pieces - 1), error);
  EXPECT_THROW(explained(0), error);
  EXPECT_THROW(explained(-1), error);
}

/// z_a - z_b: class a rather than class b.
struct margin {
  std::size_t a, b;
  static constexpr bool linear = true;

  template <class T>
  T value(std::span<const T> z) const {
    return z[a] - z[b];
  }
  template <class T>
  void derivative(std::span<const T>, std::span<T> dz) const {
    dz[a] = T(1);
    dz[b] = T(-1);
  }
};

TEST(exact_integrated_gradients, explain_any_target_that_is_linear_in_the_scores) {
  const cpu device;
  for_each_network([&]<class Network>() {
    const auto model = random_model<Network, double>(device);
    const auto images = random_images<double>(Network::input_shape, 2);
    const auto both = integrated_gradients(model, images, margin{2, 0}, exact{});
    const auto one = integrated_gradients(model, images, logit(2), exact{}),
               other = integrated_gradients(model, images, logit(0), exact{});
    auto expected = one.map;
    for (std::size_t i = 0; i < expected.values.size(); ++i) expected.values[i] -= other.map.values[i];
    expect_near(both.map, expected, 1e-10);
    EXPECT_LT(gap_of(both), 1e-10);
    EXPECT_TRUE(both.classes.empty()) << "it is about no one class";
  });
}

TEST(exact_integrated_gradients, refuse_two_baselines) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const tensor image = random_images(conv_net::input_shape);
  EXPECT_THROW(integrated_gradients(model, image, logit(1), exact{.baseline = 0.0, .baseline_image = image}),
               error);
}

TEST(tolerance, refines_until_the_gap_is_small_enough) {
  const cpu device;
  const auto model = random_model<pooling_net, double>(device);
  const auto images = random_images<double>(pooling_net::input_shape, 3);
  const auto e = integrated_gradients(model, images, logit(1), {.steps = 4, .tolerance = 0.01});
  for (std::size_t n = 0; n < 3; ++n) {
    EXPECT_LE(e.relative_gap(n), 0.01);
    if (e.points[n] > 4) {
      const auto before = integrated_gradients(model, images, logit(1), {.steps = e.points[n] / 2});
      EXPECT_GT(before.relative_gap(n), 0.01) << "half of " << e.points[n] << " points would have done";
    }
  }
  const auto points = [&](const methods::integrated_gradients& options) {
    return integrated_gradients(model, images, logit(1), options).points;
  };
  EXPECT_EQ(points({.steps = 4, .tolerance = 1e-9, .most_steps = 40}), (std::vector{32, 32, 32}))
      << "bounded, and it says what it used";
  EXPECT_EQ(points({.steps = 4, .tolerance = 1e-9, .most_steps = 32}), (std::vector{32, 32, 32}));
  EXPECT_EQ(points({.tolerance = 1e-9, .most_steps = 10}), (std::vector{10, 10, 10}))
      << "fewer than 50 steps";
  EXPECT_EQ(points({.tolerance = 1e-9, .most_steps = 1}), (std::vector{1, 1, 1}));
  EXPECT_EQ(points({.steps = 6500, .tolerance = 1e-9}), (std::vector{6500, 6500, 6500}))
      << "steps that are asked for are no fewer for a limit that nobody set";
}

TEST(tolerance, is_kept_at_once_where_image_and_baseline_are_one) {
  const cpu device;
  const auto model = random_model<pooling_net>(device);
  const auto image = random_images(pooling_net::input_shape);
  const auto e =
      integrated_gradients(model, image, logit(1), {.steps = 4, .baseline_image = image, .tolerance = 1e-3});
  EXPECT_EQ(e.relative_gap(0), 0);
  EXPECT_EQ(e.points[0], 4) << "no more steps would make it smaller";
}

}  // namespace
}  // namespace salient
