// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/batch_norm.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"

namespace salient {
namespace {

using laws::layer_laws;

TEST_ON_EVERY_DEVICE(batch_norm, obeys_the_layer_laws) {
  layer_laws<batch_norm<>>({4, 5, 3}, {4, 5, 3});
  layer_laws<batch_norm<norm{.epsilon = 1e-3}>>({3, 2, 20}, {3, 2, 20});
  layer_laws<batch_norm<norm{.affine = false}>>({1, 1, 7}, {1, 1, 7}, 3);
}

TEST_ON_EVERY_DEVICE(scale, obeys_the_layer_laws) {
  layer_laws<scale>({4, 5, 3}, {4, 5, 3});
  layer_laws<scale>({1, 1, 18}, {1, 1, 18}, 3);
}

TEST(batch_norm, by_hand) {
  const cpu device;
  laws::single_layer<batch_norm<norm{.epsilon = 1}>, cpu, double> layer(device, {1, 2, 2}, 1);
  layer.parameters({{2, 3}, {0.5, -1}, {1, 10}, {3, 8}});  // weight, bias, mean, variance
  EXPECT_EQ(layer.forward({1, 10, 5, 13}), (std::vector<double>{0.5, -1, 4.5, 2}));
  EXPECT_EQ(layer.backward(gradient{}, {1, 1, -2, 5}), (std::vector<double>{1, 1, -2, 5}));
}

// laws/random_graph.hpp covers a batch norm that is folded into a convolution or dense layer, and
// train/fit.test.cpp covers training.

}  // namespace
}  // namespace salient
