// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/blur_integrated_gradients.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "laws/method_laws.hpp"
#include "salient/core/blur.hpp"

namespace salient {
namespace {

using namespace laws;
using blur = methods::blur_integrated_gradients;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(blur_ig, obeys_the_method_laws) {
  // Of an image that a wide blur makes nearly constant, rounding decides which input of a max-pool is the
  // largest.
  method_laws(blur{.sigma = 2, .steps = 10});
  method_laws(blur{.sigma = 1.5, .steps = 6, .sqrt_spacing = true});
}

/// One step, by hand: a row of one pixel, whose Gaussian of width s keeps 1 / (1 + 2 e^(-1/2s^2) + ...) of
/// it.
TEST(blur_ig, is_a_sum_over_widths) {
  using one_pixel = network<input<1, 1>, flatten, dense<1>>;
  const model<one_pixel, cpu, double> f(device, {{"1.weight", {1, 1}, {3}}, {"1.bias", {1}, {0.5}}});
  const basic_tensor<double> image(one_pixel::input_shape, 1, 2.0);
  const auto kept = [](double s) {  // in both directions
    double total = 1;
    for (int d = 1; d <= static_cast<int>(4 * s + 0.5); ++d) total += 2 * std::exp(-d * d / (2 * s * s));
    return 1 / (total * total);
  };
  const auto slope = [&](double s) { return (kept(s + 0.01) - kept(s)) / 0.01; };
  const auto e = blur_ig(f, image, logit(0), {.sigma = 2, .steps = 2});
  EXPECT_NEAR(e.map.values[0], -3 * 2.0 * (slope(0) + slope(1)), 1e-12);
  EXPECT_NEAR(e.baseline_values[0], 0.5 + 3 * 2.0 * kept(2), 1e-12);
  EXPECT_NEAR(e.gaps[0], e.map.values[0] - (6.5 - e.baseline_values[0]), 1e-12);
  EXPECT_EQ(e.points[0], 2);
  // Widths 0, 1 and 2 again, but of the variances 0, 1 and 4 only the ends.
  const double middle = std::sqrt(2);
  EXPECT_NEAR(blur_ig(f, image, logit(0), {.sigma = 2, .steps = 2, .sqrt_spacing = true}).map.values[0],
              -3 * 2.0 * (middle * slope(0) + (2 - middle) * slope(middle)), 1e-12);
}

template <class T>
void expect_gaps_reported(const integrated<T>& e) {
  for (std::size_t n = 0; n < e.gaps.size(); ++n) {
    const auto map = e.map.image(static_cast<long>(n));
    const double sum = std::accumulate(map.begin(), map.end(), 0.0);
    EXPECT_NEAR(e.gaps[n], sum - (e.values[n] - e.baseline_values[n]), 1e-12);
  }
}

TEST(blur_ig, sums_to_the_change_of_the_target_as_steps_grow) {
  using linear = network<input<6, 5, 2>, conv2d<3, 3>, avg_pool<2>, flatten, dense<4>>;
  const auto model = random_model<linear, double>(device);
  const auto images = random_images<double>(linear::input_shape, 2);
  const auto check = [&](blur options) {
    double before = 1;
    for (const int steps : {30, 300, 3000}) {
      options.steps = steps;
      const auto e = blur_ig(model, images, logit(1), options);
      expect_gaps_reported(e);
      const double gap = std::max(e.relative_gap(0), e.relative_gap(1));
      EXPECT_LT(gap, 0.7 * before) << steps;
      before = gap;
    }
    EXPECT_LT(before, 0.02);
  };
  check({.sigma = 5});
  check({.sigma = 2, .sqrt_spacing = true});
}

/// Where the network bends, the finite difference looks a hundredth of a pixel ahead of the gradient, so that
/// a part of the gap stays.
TEST(blur_ig, nearly_sums_to_the_change_of_the_target_where_gradients_change) {
  const auto model = random_model<conv_net, double>(device);
  const auto e =
      blur_ig(model, random_images<double>(conv_net::input_shape, 2), logit(1), {.sigma = 5, .steps = 3000});
  expect_gaps_reported(e);
  for (std::size_t n = 0; n < 2; ++n) EXPECT_LT(e.relative_gap(n), 0.05);
}

TEST(blur_ig, starts_at_the_widest_blur_with_zeros_outside) {
  const auto model = random_model<conv_net, double>(device);
  const auto image = random_images<double>(conv_net::input_shape);
  const auto e = blur_ig(model, image, logit(3), {.sigma = 1.5, .steps = 4});
  EXPECT_DOUBLE_EQ(e.baseline_values[0], predict(model, gaussian_blur(image, 1.5, outside::zeros)).values[3]);
}

TEST(blur_ig, has_the_same_bits_for_every_budget) {
  const auto model = random_model<pooling_net>(device);
  const auto images = random_images<float>(pooling_net::input_shape, 2);
  constexpr long each = pooling_net::plan<pass_with<>, float>.bytes;
  const auto one_at_a_time = blur_ig(model, images, logit(1), {.steps = 10, .budget = 0});
  for (const long budget : {3 * each, 10 * each, 11 * each, 64L << 20}) {
    const auto together = blur_ig(model, images, logit(1), {.steps = 10, .budget = budget});
    EXPECT_EQ(together.map.values, one_at_a_time.map.values);
    EXPECT_EQ(together.baseline_values, one_at_a_time.baseline_values);
  }
}

std::string refusal(const blur& options) {
  const auto model = random_model<conv_net>(device);
  try {
    blur_ig(model, random_images<float>(conv_net::input_shape), logit(1), options);
  } catch (const error& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(blur_ig, refuses_wrong_options) {
  const std::string sigma = "blur IG: sigma must be above 0 and at most 9999 pixels, got ";
  EXPECT_EQ(refusal({.sigma = 0}), sigma + "0");
  EXPECT_EQ(refusal({.sigma = -1}), sigma + "-1");
  EXPECT_EQ(refusal({.sigma = 1e5}), sigma + "100000");
  EXPECT_EQ(refusal({.sigma = std::nan("")}), sigma + "nan");
  EXPECT_EQ(refusal({.steps = 0}), "blur IG: steps must be between 1 and 100000, got 0");
  EXPECT_EQ(refusal({.sigma = 9999, .steps = 1}), "nothing thrown");
}

TEST(blur_ig, refuses_what_is_not_finite) {
  using steep = network<input<2, 2>, conv2d<1, 1>, relu, flatten, dense<2>>;
  const model<steep> m(device, {{"0.weight", {1, 1, 1, 1}, {1e25F}},
                                {"0.bias", {1}, {0}},
                                {"3.weight", {2, 4}, std::vector<float>(8, 1e25F)},
                                {"3.bias", {2}, {0, 0}}});
  try {
    blur_ig(m, tensor(steep::input_shape, 1, 1e-30F), logit(0));
    FAIL() << "nothing thrown";
  } catch (const error& e) {
    EXPECT_EQ(std::string(e.what()),
              "the map is not finite: float overflows at such weights or pixels; use a model<network, cpu, "
              "double>");
  }
}

}  // namespace
}  // namespace salient
