// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/expected_gradients.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;
using expected = methods::expected_gradients;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(expected_gradients, obeys_the_method_laws) {
  method_laws(expected{.samples = 7});
  method_laws(expected{.samples = 5, .seed = 3, .baseline = 0.25});
}

template <class T>
double sum(std::span<const T> t) {
  return std::accumulate(t.begin(), t.end(), 0.0);
}

/// Every sample has the same gradient, and the map is the mean of x - x' times it.
TEST(expected_gradients, of_a_linear_network_is_what_differs_from_the_drawn_baselines) {
  using linear_net = network<input<5, 6, 2>, flatten, dense<3>>;
  const auto model = random_model<linear_net, double>(device);
  const auto image = random_images<double>(linear_net::input_shape);
  const auto slope = gradients(model, image, logit(1)).map;
  const auto from_zeros = expected_gradients(model, image, logit(1));
  expect_near(from_zeros.map, gradients_x_input(model, image, logit(1)).map, 1e-12);
  for (const double v : from_zeros.standard_error.values) EXPECT_NEAR(v, 0, 1e-15);
  EXPECT_EQ(from_zeros.samples, std::vector{50});

  const auto baselines = random_images<double>(linear_net::input_shape, 3, 29);
  const auto e = expected_gradients(model, image, logit(1), {.samples = 1000, .baselines = baselines});
  std::vector<double> drawn(3);
  for (int s = 0; s < 1000; ++s)
    drawn[static_cast<std::size_t>(methods::detail::draw_path_sample(0, s, 3).baseline)] += 1e-3;
  basic_tensor<double> by_hand(linear_net::input_shape);
  for (std::size_t i = 0; i < by_hand.values.size(); ++i)
    for (long b = 0; b < 3; ++b)
      by_hand.values[i] +=
          drawn[static_cast<std::size_t>(b)] * (image.values[i] - baselines.image(b)[i]) * slope.values[i];
  expect_near(e.map, by_hand, 1e-12);
  for (const double share : drawn) EXPECT_NEAR(share, 1 / 3.0, 4 * std::sqrt(2 / 9.0 / 1000));
}

/// The places are uniform and independent of the baseline.
TEST(expected_gradients, draws_places_between_0_and_1) {
  double mean = 0, square = 0, with_baseline = 0;
  constexpr int count = 20'000;
  for (int s = 0; s < count; ++s) {
    const auto [baseline, place] = methods::detail::draw_path_sample(5, s, 4);
    ASSERT_TRUE(baseline >= 0 && baseline < 4 && place > 0 && place < 1);
    mean += place / count;
    square += place * place / count;
    with_baseline += (place - 0.5) * (static_cast<double>(baseline) - 1.5) / count;
  }
  EXPECT_NEAR(mean, 1 / 2.0, 4 * std::sqrt(1 / 12.0 / count));
  EXPECT_NEAR(square, 1 / 3.0, 4 * std::sqrt(4 / 45.0 / count));
  EXPECT_NEAR(with_baseline, 0, 4 * std::sqrt(1 / 12.0 * 1.25 / count));
}

TEST(expected_gradients, sums_to_the_score_less_its_mean_at_the_baselines) {
  for_each_network([&]<class Network>() {
    const auto model = random_model<Network, double>(device);
    const auto image = random_images<double>(Network::input_shape);
    const auto baselines = random_images<double>(Network::input_shape, 5, 29);
    double mean = 0, farthest = 0;
    const double value = gradients(model, image, logit(1)).values[0];
    for (long b = 0; b < 5; ++b) {
      const double there = gradients(model, baselines.slice(b, 1), logit(1)).values[0];
      mean += there / 5;
      farthest = std::max(farthest, std::abs(value - there));
    }
    double sums = 0, squares = 0;
    constexpr int runs = 20;
    for (std::uint64_t seed = 0; seed < runs; ++seed) {
      const auto e =
          expected_gradients(model, image, logit(1), {.samples = 400, .seed = seed, .baselines = baselines});
      const double off = sum(std::span<const double>(e.map.values)) - (value - mean);
      sums += off / runs;
      squares += off * off / runs;
    }
    const double error = std::sqrt((squares - sums * sums) / (runs - 1));
    EXPECT_LT(std::abs(sums), 4 * error);
    EXPECT_LT(4 * error, 0.1 * farthest) << "so that this says something";
  });
}

TEST(expected_gradients, approaches_integrated_gradients_from_one_baseline) {
  const auto model = random_model<conv_net, double>(device);
  const auto image = random_images<double>(conv_net::input_shape);
  const auto line = integrated_gradients(model, image, logit(2), {.steps = 2000, .baseline = 0.3}).map;
  const auto e = expected_gradients(model, image, logit(2), {.samples = 2000, .baseline = 0.3});
  double within_one = 0, squares = 0;
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    const double off = (e.map.values[i] - line.values[i]) / e.standard_error.values[i];
    EXPECT_LT(std::abs(off), 5) << i;
    within_one += std::abs(off) < 1;
    squares += off * off;
  }
  EXPECT_GT(squares, 0.1 * static_cast<double>(line.values.size())) << "the error is not overstated";
  EXPECT_GT(within_one, 0);
}

TEST(expected_gradients, takes_as_many_samples_as_the_tolerance_asks_for) {
  const auto model = random_model<conv_net>(device);
  const auto image = random_images(conv_net::input_shape);
  const auto magnitude = [](const tensor& t) {
    double total = 0;
    for (const float v : t.values) total += std::abs(static_cast<double>(v));
    return total;
  };
  const auto after = [&](int n) {
    const auto e = expected_gradients(model, image, logit(1), {.samples = n});
    return magnitude(e.standard_error) / magnitude(e.map);
  };
  const auto e = expected_gradients(model, image, logit(1), {.samples = 5, .tolerance = 0.1});
  const int n = e.samples[0];
  ASSERT_TRUE(n > 5 && n < 1000) << n;
  EXPECT_LE(after(n), 0.1 * (1 + 1e-6));
  EXPECT_GT(after(n - 1), 0.1 * (1 - 1e-6));
  EXPECT_EQ(expected_gradients(model, image, logit(1), {.samples = n}).map.values, e.map.values);
  EXPECT_EQ(expected_gradients(model, image, logit(1), {.samples = 5, .tolerance = 1e-9, .most_samples = 8})
                .samples[0],
            8);
}

TEST(expected_gradients, has_the_same_bits_for_every_budget) {
  const auto model = random_model<pooling_net>(device);
  const auto images = random_images<float>(pooling_net::input_shape, 2);
  const basic_tensor<double> baselines = random_images<double>(pooling_net::input_shape, 3, 29);
  constexpr long each = pooling_net::plan<pass_with<>, float>.bytes;
  const auto of = [&](long budget) {
    return expected_gradients(model, images, logit(1),
                              {.samples = 10, .baselines = baselines, .budget = budget});
  };
  const auto one_at_a_time = of(1);
  for (const long budget : {3 * each, 64L << 20}) {
    EXPECT_EQ(of(budget).map.values, one_at_a_time.map.values);
    EXPECT_EQ(of(budget).standard_error.values, one_at_a_time.standard_error.values);
  }
}

TEST(expected_gradients, changes_with_the_seed_and_preprocesses_the_baselines) {
  constexpr preprocessing p{.mean = 0.25, .deviation = 0.5};
  const auto weights = random_weights<conv_net>();
  const model<conv_net> told(device, weights, p), plain(device, weights);
  const auto images = random_images(conv_net::input_shape, 2),
             backgrounds = random_images(conv_net::input_shape, 3, 5);
  const auto map = [](const auto& m, const tensor& x, const expected& options) {
    return expected_gradients(m, x, logit(1), options).map.values;
  };
  EXPECT_EQ(map(plain, images, {}), map(plain, images, {.samples = 50, .seed = 0, .baseline = 0.0}));
  EXPECT_NE(map(plain, images, {}), map(plain, images, {.seed = 1}));
  EXPECT_NE(map(plain, images, {}), map(plain, images, {.baseline = 0.5}));
  EXPECT_EQ(map(told, images, {.baselines = backgrounds}),
            map(plain, preprocess(p, images), {.baselines = preprocess(p, backgrounds)}));
}

TEST(expected_gradients, reports_baselines_that_are_out_of_range) {
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 2);
  auto baselines = random_images<double>(conv_net::input_shape, 3, 29);
  EXPECT_TRUE(expected_gradients(model, images, logit(1), {.baselines = baselines}).out_of_range.empty());
  baselines.values.back() = 7;
  EXPECT_EQ(expected_gradients(model, images, logit(1), {.baselines = baselines}).out_of_range,
            (std::vector{0, 1}));
}

std::string refusal(const expected& options) {
  const auto model = random_model<conv_net>(device);
  try {
    expected_gradients(model, random_images<float>(conv_net::input_shape), logit(1), options);
  } catch (const error& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(expected_gradients, refuses_wrong_options) {
  EXPECT_EQ(refusal({.samples = 1}),
            "expected gradients: samples must be between 2, of which there is a standard error, and 1000000, "
            "got 1");
  EXPECT_EQ(refusal({.most_samples = 9}),
            "expected gradients: most_samples goes with a tolerance; without one, samples is their number");
  EXPECT_EQ(refusal({.tolerance = 0.0}),
            "expected gradients: the tolerance must be above 0 and finite, got 0");
  EXPECT_EQ(refusal({.budget = 0}), "expected gradients: the budget must be at least 1 byte, got 0");
  EXPECT_EQ(refusal({.baseline = HUGE_VAL}), "expected gradients: the baseline must be a finite number");
  EXPECT_EQ(refusal({.baseline = 0.0, .baselines = basic_tensor<double>(conv_net::input_shape)}),
            "expected gradients: a baseline and baselines are given; a sample starts at the one or at one of "
            "the others");
  const std::string shape =
      "expected gradients: the baselines must have the input's shape, and there must be at least one";
  EXPECT_EQ(refusal({.baselines = basic_tensor<double>({1, 1, 1})}), shape);
  EXPECT_EQ(refusal({.baselines = basic_tensor<double>(conv_net::input_shape, 0)}), shape);
  basic_tensor<double> bad(conv_net::input_shape, 2);
  bad.values[3] = std::nan("");
  EXPECT_EQ(refusal({.baselines = bad}),
            "expected gradients: the baseline image has a value that is not finite");
}

TEST(expected_gradients, refuses_what_is_not_finite) {
  using plain = network<input<1, 2>, flatten, dense<1>>;
  const model<plain> m(device, {{"1.weight", {1, 2}, {1e20F, 1}}, {"1.bias", {1}, {0}}});
  try {
    expected_gradients(m, tensor(plain::input_shape, 1, 1.F), logit(0));
    FAIL() << "nothing thrown";
  } catch (const error& e) {
    EXPECT_EQ(
        std::string(e.what()),
        "expected gradients: the maps' squares are not finite: float overflows; use a model<network, cpu, "
        "double>");
  }
}

}  // namespace
}  // namespace salient
