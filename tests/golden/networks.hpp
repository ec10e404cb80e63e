// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "salient/core/fixed_string.hpp"
#include "salient/graph/network.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"
#include "salient/layer/softmax.hpp"

namespace salient::golden {

/// A network of manifest.json as a type, with the layers that its references use besides the default.
template <fixed_string Name, class Network, int... Layers>
struct twin {
  static constexpr std::string_view name = Name.view();
  using network = Network;
};

template <class... Twins>
struct twins {};

// The networks of networks.py, line by line. The test file of each group's name compiles it.

using perceptrons =
    twins<twin<"perceptron_small", network<input<3, 4, 2>, flatten, dense<9>, relu, dense<5>>>,
          twin<"inner_softmax",
               network<input<4, 3>, flatten, dense<8>, relu, dense<5>, softmax, dense<4>, softmax>>>;

using convolutions = twins<
    twin<"valid", network<input<7, 6, 2>, conv2d<4, 3>, relu, conv2d<3, 2>, relu, flatten, dense<5>>, 0, 1>,
    twin<"strided",
         network<input<9, 8, 3>, conv2d<4, 3, with{.stride = 2, .padding = 1}>, relu,
                 conv2d<5, size{2, 3}, with{.stride = size{1, 2}, .padding = 1}>, relu, flatten, dense<4>>,
         0, 2>,
    twin<"rectangular",
         network<input<6, 9>, conv2d<4, size{1, 3}>, relu,
                 conv2d<3, size{3, 2}, with{.padding = padding{2, 1}}>, relu, flatten, dense<4>>,
         0, 1>,
    twin<"deep",
         network<input<6, 7, 2>, conv2d<4, 3, with{.padding = 1}>, relu, conv2d<4, 3, with{.padding = 1}>,
                 relu, conv2d<5, 1>, relu, conv2d<4, 3, with{.padding = 1}>, relu, max_pool<2>, conv2d<5, 2>,
                 relu, flatten, dense<8>, relu, dense<4>>,
         5, 7>>;

using same_padding = twins<
    twin<"same_even",
         network<input<7, 8, 2>, conv2d<4, 2, with{.padding = padding::same}>, relu,
                 conv2d<3, size{4, 3}, with{.padding = padding::same}>, relu, avg_pool<2>, flatten, dense<4>>,
         0, 4>,
    twin<"same_strided",
         network<input<7, 8, 2>, conv2d<5, 4, with{.stride = 2, .padding = padding::same}>, relu,
                 max_pool<2, with{.stride = 1, .padding = padding::same}>,
                 conv2d<4, size{2, 3}, with{.stride = size{2, 1}, .padding = padding::same}>, relu,
                 avg_pool<3, with{.stride = 2, .padding = padding::same}>, flatten, dense<4>>,
         0, 2>,
    twin<"relu_first",
         network<input<5, 6, 4>, relu, conv2d<4, 3>, relu, conv2d<3, size{2, 3}>, relu, flatten, relu,
                 dense<4>>,
         0, 1>>;

using pools =
    twins<twin<"no_bias",
               network<input<8, 6, 4>, conv2d<5, 3, with{.padding = 1, .bias = false}>, relu, max_pool<2>,
                       conv2d<4, 2, with{.bias = false}>, relu, flatten, dense<6, false>>,
               0, 2>,
          twin<"max_overlap",
               network<input<9, 7, 3>, conv2d<4, 3, with{.padding = padding::same}>, relu,
                       max_pool<3, with{.stride = 2, .padding = 1}>, conv2d<5, 3, with{.padding = 1}>, relu,
                       max_pool<2, with{.stride = 1}>, flatten, dense<4>, softmax>,
               2, 5>,
          twin<"avg_overlap",
               network<input<8, 7>, conv2d<4, 3, with{.padding = 1}>, relu,
                       avg_pool<3, with{.stride = 2, .padding = 1}>, conv2d<3, 2>, relu,
                       avg_pool<size{2, 1}, with{.stride = 1, .padding = padding{1, 0}}>, flatten, dense<3>>,
               2, 5>,
          twin<"gaps",
               network<input<10, 11>, conv2d<4, 2>, relu, max_pool<2, with{.stride = 3}>,
                       conv2d<3, 1, with{.stride = 2}>, relu, flatten, dense<4>>,
               0, 2>>;

using heads = twins<
    twin<"pooled",
         network<input<8, 10>, conv2d<4, 3>, relu, conv2d<6, 3>, relu, global_avg_pool, flatten, dense<5>>, 1,
         2>,
    twin<"pooled_softmax",
         network<input<8, 7, 2>, conv2d<5, size{1, 3}>, relu, max_pool<2>, conv2d<6, 2>, global_avg_pool,
                 flatten, dense<3, false>, softmax>,
         1, 2>,
    twin<"linear", network<input<6, 5, 2>, conv2d<3, 3>, avg_pool<2>, flatten, dense<4>>, 0, 1>>;

}  // namespace salient::golden
