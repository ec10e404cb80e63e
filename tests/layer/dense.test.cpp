// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/dense.hpp"

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"

namespace salient {
namespace {

const cpu device;

using laws::layer_laws;

TEST_ON_EVERY_DEVICE(dense, obeys_the_layer_laws) {
  layer_laws<dense<10>>({1, 1, 7}, {1, 1, 10}, 5);
  layer_laws<dense<1>>({1, 1, 1}, {1, 1, 1}, 1);
  layer_laws<dense<3, false>>({1, 1, 20}, {1, 1, 3}, 4);
  layer_laws<dense<128>>({1, 1, 784}, {1, 1, 128}, 9);
}

TEST_ON_EVERY_DEVICE(pointwise, obeys_the_layer_laws) {
  layer_laws<pointwise<10>>({4, 3, 7}, {4, 3, 10}, 2);
  layer_laws<pointwise<17, false>>({5, 2, 16}, {5, 2, 17}, 3);
}

TEST(dense, by_hand) {
  laws::single_layer<dense<2>, cpu, float> layer(device, {1, 1, 3}, 1);
  layer.parameters({{1, 2, 3, -1, 0, 1}, {0.5f, -0.5f}});
  EXPECT_EQ(layer.forward({1, 10, 100}), (std::vector<float>{321.5f, 98.5f}));
  EXPECT_EQ(layer.backward(gradient{}, {1, 2}), (std::vector<float>{-1, 2, 5}));
}

TEST(dense, takes_vectors_only) {
  static_assert(dense<2>::accepts({1, 1, 5}));
  static_assert(!dense<2>::accepts({2, 1, 5}) && !dense<2>::accepts({1, 2, 5}) &&
                !dense<2>::accepts({1, 1, 0}));
}

}  // namespace
}  // namespace salient
