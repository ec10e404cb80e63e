// SPDX-License-Identifier: MIT
#pragma once

#include "salient/graph/network.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/named.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"
#include "salient/layer/softmax.hpp"

namespace salient::laws {

// Small networks that together use every layer, non-square inputs, and orders that are hard to plan.

using perceptron = network<input<5, 4>, flatten, dense<12>, relu, dense<3>>;

using convolutional = network<input<12, 10, 2>, conv2d<4, 3>, relu,
                              conv2d<6, size{3, 2}, with{.stride = 2, .padding = padding::same}>, relu,
                              flatten, dense<5>, softmax>;

using pooling = network<input<13, 16, 3>, conv2d<5, 3, with{.padding = padding::same}>, max_pool<2>, relu,
                        conv2d<4, 3, with{.padding = 1, .bias = false}>, relu, max_pool<3, with{.stride = 2}>,
                        avg_pool<2, with{.stride = 1}>, relu, flatten, dense<8>, relu, dense<4>>;

using pooled_head =
    network<input<9, 11, 1>, conv2d<6, 3>, relu, conv2d<7, 3>, relu, global_avg_pool, dense<4>, softmax>;

/// In-place layers next to activations that must be kept: the input, and the output that a softmax retains.
using sharing =
    network<input<3, 3, 2>, flatten, relu, dense<6>, softmax, relu, flatten, relu, dense<3>, relu, softmax>;

/// A layer with an in-place backward stands between a ReLU and the layer that would absorb it.
using between =
    network<input<3, 4, 2>, flatten, dense<6>, relu, softmax, dense<5>, relu, softmax, flatten, dense<3>>;

using linear = network<input<6, 5, 2>, conv2d<3, 2>, avg_pool<2>, flatten, dense<3>>;

using single = network<input<1, 1, 4>, dense<2>>;

/// Calls body.operator()<Network>() for each of these networks.
template <class F>
void for_each_network(const F& body) {
  body.template operator()<perceptron>();
  body.template operator()<convolutional>();
  body.template operator()<pooling>();
  body.template operator()<pooled_head>();
  body.template operator()<sharing>();
  body.template operator()<between>();
  body.template operator()<linear>();
  body.template operator()<single>();
}

}  // namespace salient::laws
