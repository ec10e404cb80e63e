// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/slice.hpp"

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"
#include "salient/graph/network.hpp"
#include "salient/layer/block.hpp"

namespace salient {
namespace {

const cpu device;

using values = std::vector<double>;

static_assert(slice<2, 3>::output({7, 5, 8}) == shape{7, 5, 3});
static_assert(slice<2, 3>::accepts({7, 5, 5}) && !slice<2, 3>::accepts({7, 5, 4}));
static_assert(slice<0, 1>::accepts({1, 1, 1}) && !slice<0, 1>::accepts({0, 5, 1}));

// Concatenating both halves restores the input.
using halves = network<input<4, 6, 10>, concat<slice<0, 5>, slice<5, 5>>>;
static_assert(halves::output_shape == halves::input_shape && halves::linear_until == halves::output);

TEST_ON_EVERY_DEVICE(slice, obeys_the_layer_laws) {
  laws::layer_laws<slice<0, 3>>({4, 5, 7}, {4, 5, 3});
  laws::layer_laws<slice<4, 3>>({4, 5, 7}, {4, 5, 3});
  laws::layer_laws<slice<0, 7>>({4, 5, 7}, {4, 5, 7});
  laws::layer_laws<slice<58, 58>>({28, 28, 116}, {28, 28, 58});
  laws::layer_laws<slice<3, 1>>({1, 1, 9}, {1, 1, 1}, 3);
}

TEST(slice, by_hand) {
  laws::single_layer<slice<1, 2>, cpu, double> layer(device, {1, 2, 4}, 1);
  EXPECT_EQ(layer.forward({1, 2, 3, 4, 5, 6, 7, 8}), (values{2, 3, 6, 7}));
  EXPECT_EQ(layer.backward(gradient{}, {1, 2, 3, 4}), (values{0, 1, 2, 0, 0, 3, 4, 0}));
}

}  // namespace
}  // namespace salient
