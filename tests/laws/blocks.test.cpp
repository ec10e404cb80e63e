// SPDX-License-Identifier: MIT
#include <algorithm>

#include "laws/graph_laws.hpp"

namespace salient {
namespace {

/// A dense layer of DenseNet. Its first batch norm and ReLU run block by block with the 1x1 convolution
/// behind them. 1600 positions of 64 channels are four blocks, of which the last is smaller.
using net = network<input<40, 40, 3>, conv2d<64, 1>,
                    concat<identity, sequence<batch_norm<>, relu, conv2d<16, 1>, batch_norm<>, relu,
                                              conv2d<8, 3, with{.padding = 1}>>>,
                    batch_norm<>, relu, conv2d<4, 1>, global_avg_pool, flatten, dense<5>>;

static_assert(block_positions(64) < 1600 && 1600 % block_positions(64) != 0);
static_assert(std::ranges::count(net::plan<pass::forward, double>.blocked, true) > 0);

TEST(blocks, are_a_pass_over_whole_maps) {
  laws::plan_agrees_with_rows<net, pass::forward>();
  laws::plan_agrees_with_rows<net, pass::saliency<>>();
  laws::devices_agree_on_graph<net>();
}

}  // namespace
}  // namespace salient
