// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/layer_norm.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"
#include "salient/graph/network.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"

namespace salient {
namespace {

const cpu device;

using values = std::vector<double>;

static_assert(layer_norm<>::output({4, 5, 12}) == shape{4, 5, 12});
static_assert(layer_norm<>::accepts({1, 1, 1}) && !layer_norm<>::accepts({1, 1, 0}));
static_assert(layer_norm<norm{.affine = false}>::parameters({4, 5, 12}).count == 0);

using normalised = network<input<2, 3, 4>, flatten, layer_norm<>, dense<5>>;
static_assert(normalised::parameters == 2 * 24 + 24 * 5 + 5 && normalised::linear_until == 1);

TEST(layer_norm, has_weight_and_bias_in_pytorchs_order) {
  const parameter_place& p = normalised::parameter_layout.places[1];
  ASSERT_EQ(p.list.count, 2u);
  EXPECT_EQ(parameter_name(normalised::graph, p, 0), "1.weight");
  EXPECT_EQ(parameter_name(normalised::graph, p, 1), "1.bias");
  // One weight and bias per element of the flattened map, in PyTorch's channels-first order.
  EXPECT_TRUE((p.ordered && p.order == shape{2, 3, 4}));
  EXPECT_TRUE((normalised::parameter_layout.places[2].order == shape{2, 3, 4}));
}

TEST_ON_EVERY_DEVICE(layer_norm, obeys_the_layer_laws) {
  laws::layer_laws<layer_norm<>>({4, 5, 12}, {4, 5, 12});
  laws::layer_laws<layer_norm<norm{.epsilon = 0.5, .affine = false}>>({3, 4, 7}, {3, 4, 7});
  laws::layer_laws<layer_norm<norm{.epsilon = 1e-6}>>({7, 7, 96}, {7, 7, 96});
  laws::layer_laws<layer_norm<>>({1, 1, 24}, {1, 1, 24}, 3);
}

TEST(layer_norm, by_hand) {
  laws::single_layer<layer_norm<norm{.epsilon = 1, .affine = false}>, cpu, double> layer(device, {1, 2, 2},
                                                                                         1);
  const values y = layer.forward({1, 3, 4, 10});
  EXPECT_DOUBLE_EQ(y[0], -1 / std::sqrt(1 + 1.0));
  EXPECT_DOUBLE_EQ(y[1], 1 / std::sqrt(1 + 1.0));
  EXPECT_DOUBLE_EQ(y[2], -3 / std::sqrt(9 + 1.0));
  EXPECT_DOUBLE_EQ(y[3], 3 / std::sqrt(9 + 1.0));
}

}  // namespace
}  // namespace salient
