// SPDX-License-Identifier: MIT
// What smooth_grad refuses, and what it says.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "laws/message_of.hpp"
#include "laws/random_model.hpp"
#include "salient/salient.hpp"

namespace salient {
namespace {

using namespace laws;
using methods::smooth;
using small = network<input<3, 4, 2>, flatten, dense<9>, relu, dense<5>>;

TEST(smooth_grad, refuses_wrong_options) {
  const cpu device;
  const auto model = random_model<small>(device);
  const auto image = random_images(small::input_shape);
  const auto of = [&](const methods::smooth<>& options) {
    return message_of([&] { smooth_grad(model, image, logit(1), options); });
  };
  const std::string deviation =
      "smooth_grad: the deviation is a share of the input's range, which must be at least 0 and finite, got ";
  EXPECT_EQ(of({.deviation = -0.1}), deviation + "-0.1");
  EXPECT_EQ(of({.deviation = std::nan("")}), deviation + "nan");
  EXPECT_EQ(of({.deviation = HUGE_VAL}), deviation + "inf");
  const std::string range = " must be between 2, of which there is a standard error, and 1000000, got ";
  EXPECT_EQ(of({.samples = 1}), "smooth_grad: samples" + range + "1");
  EXPECT_EQ(of({.samples = -3}), "smooth_grad: samples" + range + "-3");
  EXPECT_EQ(of({.samples = 1'000'001}), "smooth_grad: samples" + range + "1000001");
  EXPECT_EQ(of({.tolerance = 0.1, .most_samples = 1}), "smooth_grad: most_samples" + range + "1");
  EXPECT_EQ(of({.most_samples = 100}),
            "smooth_grad: most_samples goes with a tolerance; without one, samples is their number");
  const std::string tolerance = "smooth_grad: the tolerance must be above 0 and finite, got ";
  EXPECT_EQ(of({.tolerance = 0}), tolerance + "0");
  EXPECT_EQ(of({.tolerance = -0.5}), tolerance + "-0.5");
  EXPECT_EQ(of({.tolerance = HUGE_VAL}), tolerance + "inf");
  EXPECT_EQ(of({.budget = 0}), "smooth_grad: the budget must be at least 1 byte, got 0");
  EXPECT_EQ(of({.samples = 2, .budget = 1}), "nothing thrown") << "one sample runs in any case";
  EXPECT_EQ(message_of([&] {
              explain(model, image, logit(1), smooth<methods::integrated_gradients>{.base = {.steps = 0}});
            }),
            "integrated gradients: steps must be between 1 and 100000, got 0");
}

TEST(smooth_grad, refuses_what_is_not_finite) {
  using plain = network<input<1, 2>, flatten, dense<1>>;
  const cpu device;
  const auto of = [&]<class T>(std::vector<float> weights, std::vector<T> pixels) {
    const model<plain, cpu, T> m(device, {{"1.weight", {1, 2}, std::move(weights)}, {"1.bias", {1}, {0}}});
    basic_tensor<T> image(plain::input_shape);
    image.values = std::move(pixels);
    return message_of([&] { smooth_grad(m, image, logit(0)); });
  };
  EXPECT_EQ(
      of({3e38F, 3e38F}, std::vector{0.F, 1.F}),
      "the class scores at an input with noise are not finite: the values there, or the network's weights, "
      "are too large; images hold pixels from 0 to 1");
  EXPECT_EQ(
      of({1e-38F, 1e-38F}, std::vector{-3e38F, 3e38F}),
      "smooth_grad: the network's input is not finite with noise: float overflows; use a model<network, cpu, "
      "double>");
  EXPECT_EQ(of({1e-38F, 1e-38F}, std::vector{-1.7e308, 1.7e308}),
            "smooth_grad: the network's input is not finite with noise: double overflows");
  EXPECT_EQ(
      of({1e20F, 1}, std::vector{0.F, 1.F}),
      "smooth_grad: the maps' squares are not finite: float overflows; use a model<network, cpu, double>");
  EXPECT_EQ(of({1e20F, 1}, std::vector{0.0, 1.0}), "nothing thrown");

  using steep = network<input<2, 2>, conv2d<1, 1>, relu, flatten, dense<2>>;
  const model<steep> m(device, {{"0.weight", {1, 1, 1, 1}, {1e25F}},
                                {"0.bias", {1}, {0}},
                                {"3.weight", {2, 4}, std::vector<float>(8, 1e25F)},
                                {"3.bias", {2}, {0, 0}}});
  EXPECT_EQ(
      message_of([&] { smooth_grad(m, tensor(steep::input_shape, 1, 1e-30F), logit(0)); }),
      "the map is not finite: float overflows at such weights or pixels; use a model<network, cpu, double>");
}

}  // namespace
}  // namespace salient
