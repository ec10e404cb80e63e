// SPDX-License-Identifier: MIT
#include "golden/families/graphs.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

template <class Network, layer_id Inner>
void expect_whole_maps(const std::string& name) {
  expect_references<Network, Inner, Network::input_shape.height, Network::input_shape.width>(name);
}

TEST(graphs, convolutions) { expect_whole_maps<graphs::convolutions, "depthwise">("convolutions"); }
TEST(graphs, activations) { expect_whole_maps<graphs::activations, "5">("activations"); }
TEST(graphs, pools) { expect_whole_maps<graphs::pools, "6">("pools"); }
TEST(graphs, joins) { expect_whole_maps<graphs::joins, "a">("joins"); }
TEST(graphs, norms) { expect_whole_maps<graphs::norms, "stem">("norms"); }

}  // namespace
}  // namespace salient::golden
