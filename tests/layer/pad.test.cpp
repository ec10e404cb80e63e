// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/pad.hpp"

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"
#include "salient/graph/network.hpp"

namespace salient {
namespace {

const cpu device;

using values = std::vector<double>;

static_assert(pad<border{.top = 1, .bottom = 2, .left = 3, .right = 4}>::output({5, 6, 7}) ==
              shape{8, 13, 7});
static_assert(pad<border{.front = 4, .back = 8}>::output({5, 6, 4}) == shape{5, 6, 16});
static_assert(pad<border{.top = -1, .right = -2, .back = -3}>::output({5, 6, 7}) == shape{4, 4, 4});

// Neither the input nor the output may be empty.
static_assert(pad<border{.top = -2, .bottom = -2}>::accepts({5, 1, 1}));
static_assert(!pad<border{.top = -2, .bottom = -3}>::accepts({5, 1, 1}));
static_assert(!pad<border{.left = -1}>::accepts({5, 1, 1}) && !pad<border{.back = -1}>::accepts({5, 1, 1}));
static_assert(!pad<border{.top = 1}>::accepts({0, 1, 1}));

using padded = network<input<4, 6, 2>, pad<border{.left = 1, .back = 1}>>;
static_assert(padded::linear_until == padded::output);

TEST_ON_EVERY_DEVICE(pad, obeys_the_layer_laws) {
  laws::layer_laws<pad<border{.top = 1, .bottom = 2, .left = 3, .right = 4}>>({5, 6, 7}, {8, 13, 7});
  laws::layer_laws<pad<border{.front = 8, .back = 8}>>({16, 16, 16}, {16, 16, 32});
  laws::layer_laws<pad<border{.top = -1, .bottom = 1, .right = -2, .front = 3, .back = -2}>>({5, 6, 7},
                                                                                             {5, 4, 8});
  laws::layer_laws<pad<border{}>>({3, 4, 5}, {3, 4, 5}, 3);
}

TEST(pad, by_hand) {
  laws::single_layer<pad<border{.top = 1, .left = 1, .right = -1, .back = 1}>, cpu, double> layer(
      device, {1, 2, 1}, 1);
  EXPECT_EQ(layer.forward({5, 6}), (values{0, 0, 0, 0, 0, 0, 5, 0}));
  EXPECT_EQ(layer.backward(gradient{}, {1, 2, 3, 4, 5, 6, 7, 8}), (values{7, 0}));
}

}  // namespace
}  // namespace salient
