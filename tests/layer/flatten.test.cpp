// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/flatten.hpp"

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"

namespace salient {
namespace {

const cpu device;

TEST_ON_EVERY_DEVICE(flatten, obeys_the_layer_laws) {
  laws::layer_laws<flatten>({3, 4, 5}, {1, 1, 60});
  laws::layer_laws<flatten>({1, 1, 9}, {1, 1, 9}, 3);
  laws::layer_laws<flatten>({100, 90, 3}, {1, 1, 27000});
}

TEST(flatten, moves_nothing) {
  laws::single_layer<flatten, cpu, float> layer(device, {2, 2, 2}, 1);
  const std::vector<float> x = laws::noise<float>(8, 1);
  EXPECT_EQ(layer.forward(x), x);
  EXPECT_EQ(layer.backward(gradient{}, x), x);
}

}  // namespace
}  // namespace salient
