// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/local_response_norm.hpp"

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"
#include "salient/graph/network.hpp"

namespace salient {
namespace {

const cpu device;

using values = std::vector<double>;

static_assert(local_response_norm<5>::output({4, 5, 12}) == shape{4, 5, 12});
static_assert(local_response_norm<5>::accepts({1, 1, 1}) && !local_response_norm<5>::accepts({1, 0, 3}));

using normalised = network<input<4, 6, 10>, local_response_norm<5, response{.alpha = 5e-4, .k = 2}>>;
static_assert(normalised::linear_until == 0);

TEST_ON_EVERY_DEVICE(local_response_norm, obeys_the_layer_laws) {
  laws::layer_laws<local_response_norm<5>>({4, 5, 12}, {4, 5, 12});
  laws::layer_laws<local_response_norm<4, response{.alpha = 2, .beta = 0.5, .k = 0.75}>>({3, 4, 7},
                                                                                         {3, 4, 7});
  laws::layer_laws<local_response_norm<9, response{.alpha = 3}>>({2, 3, 4}, {2, 3, 4}, 3);
}

TEST(local_response_norm, by_hand) {
  // The window has two channels: the previous one and the channel itself.
  laws::single_layer<local_response_norm<2, response{.alpha = 2, .beta = 1, .k = 1}>, cpu, double> layer(
      device, {1, 1, 3}, 1);
  const values y = layer.forward({1, 2, 3});
  EXPECT_DOUBLE_EQ(y[0], 1 / (1 + 1.0));
  EXPECT_DOUBLE_EQ(y[1], 2 / (1 + 1.0 + 4.0));
  EXPECT_DOUBLE_EQ(y[2], 3 / (1 + 4.0 + 9.0));
}

}  // namespace
}  // namespace salient
