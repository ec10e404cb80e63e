// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/channel_shuffle.hpp"

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"
#include "salient/graph/network.hpp"

namespace salient {
namespace {

const cpu device;

using values = std::vector<double>;

static_assert(channel_shuffle<3>::output({4, 5, 12}) == shape{4, 5, 12});
static_assert(channel_shuffle<3>::accepts({4, 5, 12}) && !channel_shuffle<3>::accepts({4, 5, 13}));
static_assert(!channel_shuffle<3>::accepts({4, 5, 0}));

using shuffled = network<input<4, 6, 10>, channel_shuffle<2>, channel_shuffle<5>>;
static_assert(shuffled::linear_until == shuffled::output);

TEST_ON_EVERY_DEVICE(channel_shuffle, obeys_the_layer_laws) {
  laws::layer_laws<channel_shuffle<2>>({4, 5, 6}, {4, 5, 6});
  laws::layer_laws<channel_shuffle<3>>({4, 5, 12}, {4, 5, 12});
  laws::layer_laws<channel_shuffle<2>>({28, 28, 116}, {28, 28, 116});
  laws::layer_laws<channel_shuffle<5>>({1, 1, 5}, {1, 1, 5}, 3);
}

TEST(channel_shuffle, by_hand) {
  laws::single_layer<channel_shuffle<2>, cpu, double> layer(device, {1, 1, 6}, 1);
  EXPECT_EQ(layer.forward({1, 2, 3, 4, 5, 6}), (values{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(layer.backward(gradient{}, {1, 4, 2, 5, 3, 6}), (values{1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace salient
