// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/softmax.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"

namespace salient {
namespace {

const cpu device;

TEST_ON_EVERY_DEVICE(softmax, obeys_the_layer_laws) {
  laws::layer_laws<softmax>({1, 1, 10}, {1, 1, 10}, 3);
  laws::layer_laws<softmax>({1, 1, 1}, {1, 1, 1}, 2);
  laws::layer_laws<softmax>({1, 1, 1000}, {1, 1, 1000}, 8);
}

template <class T>
std::vector<T> probabilities(const std::vector<T>& scores) {
  laws::single_layer<softmax, cpu, T> layer(device, {1, 1, static_cast<int>(scores.size())}, 1);
  return layer.forward(scores);
}

TEST(softmax, by_hand) {
  const std::vector<double> p = probabilities<double>({0, std::log(2.0), std::log(5.0)});
  EXPECT_NEAR(p[0], 1 / 8.0, 1e-15);
  EXPECT_NEAR(p[1], 2 / 8.0, 1e-15);
  EXPECT_NEAR(p[2], 5 / 8.0, 1e-15);
}

TEST(softmax, of_extreme_scores) {
  using values = std::vector<float>;
  EXPECT_EQ(probabilities<float>({1e4f, -1e4f, 0}), (values{1, 0, 0}));
  EXPECT_EQ(probabilities<float>({1e4f, 1e4f}), (values{0.5f, 0.5f}));
  EXPECT_EQ(probabilities<float>({-1e4f, -1e4f, -1e4f, -1e4f}), (values{0.25f, 0.25f, 0.25f, 0.25f}));
}

TEST(softmax, gradient_of_extreme_scores_is_finite) {
  laws::single_layer<softmax, cpu, float> layer(device, {1, 1, 3}, 1);
  layer.forward({1e4f, -1e4f, 0});
  EXPECT_EQ(layer.backward(gradient{}, {1, 2, 3}), (std::vector<float>{0, 0, 0}));
}

}  // namespace
}  // namespace salient
