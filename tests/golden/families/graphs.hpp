// SPDX-License-Identifier: MIT
#pragma once

#include "salient/graph/network.hpp"
#include "salient/layer/activation.hpp"
#include "salient/layer/batch_norm.hpp"
#include "salient/layer/block.hpp"
#include "salient/layer/channel_shuffle.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/dropout.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/layer_norm.hpp"
#include "salient/layer/local_response_norm.hpp"
#include "salient/layer/named.hpp"
#include "salient/layer/pad.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"
#include "salient/layer/slice.hpp"

namespace salient::golden::graphs {

// The graphs of graphs.py, line for line.

struct convolutions
    : network<
          input<11, 14, 4>, named<"grouped", conv2d<8, 3, with{.stride = 2, .padding = 1, .groups = 2}>>,
          leaky_relu<0.1>,
          named<"depthwise", conv2d<8, 3, with{.padding = 2, .dilation = 2, .groups = 8, .bias = false}>>,
          named<"bn", batch_norm<norm{.epsilon = 1e-3}>>, elu<0.7>,
          named<"multiplied",
                conv2d<16, size{3, 2}, with{.stride = size{1, 2}, .padding = padding{1, 0}, .groups = 8}>>,
          relu,
          named<"dilated",
                conv2d<6, size{2, 3},
                       with{.stride = size{2, 1}, .padding = padding{0, 2, 2, 1}, .dilation = size{2, 1}}>>,
          named<"bare", batch_norm<norm{.affine = false}>>, relu, flatten, named<"fc", dense<5>>> {};

using mix = conv2d<6, 1>;
struct activations : network<input<5, 4, 3>, conv2d<6, 3, with{.padding = 1}>, relu6, mix, clip<-0.5, 0.7>,
                             mix, leaky_relu<>, mix, prelu<>, mix, prelu<true>, mix, sigmoid, mix, tanh, mix,
                             silu, mix, hard_swish, mix, hard_sigmoid<>, mix, gelu, mix, gelu_tanh, mix,
                             elu<>, mix, softplus<2.0, 3.0>, mix, flatten, dense<7>> {};

struct pools
    : network<input<18, 16, 3>, conv2d<6, 3>, relu,
              max_pool<3, with{.stride = 2, .padding = 1, .ceil_mode = true}>, conv2d<6, 1>, relu,
              avg_pool<3, with{.stride = 2, .padding = 1, .ceil_mode = true, .count_include_pad = false}>,
              conv2d<8, 3, with{.padding = 1}>, tanh, adaptive_avg_pool<size{3, 7}>, conv2d<8, 1>,
              max_pool<size{2, 3}, with{.stride = 1, .dilation = size{1, 2}}>,
              avg_pool<2, with{.stride = 1, .padding = 1}>, silu, global_max_pool, flatten, dense<4>> {};

struct joins
    : network<input<8, 9, 3>, named<"stem", conv2d<8, 3, with{.padding = 1}>>, named<"stem_relu", relu>,
              sum<identity, named<"a", conv2d<8, 1>>,
                  sequence<silu, named<"b", conv2d<8, 3, with{.padding = 1}>>>>,
              relu,
              sum<concat<named<"c", conv2d<4, 1>>,
                         sequence<named<"d", conv2d<4, size{1, 3}, with{.padding = padding{0, 1}}>>, tanh>>,
                  from<"stem_relu">>,
              concat<sequence<slice<0, 4>, named<"left", conv2d<4, 1>>>,
                     sequence<slice<4, 4>, named<"right", conv2d<8, 3, with{.padding = 1}>>, relu>>,
              channel_shuffle<3>,
              product<identity, sequence<global_avg_pool, named<"squeeze", conv2d<3, 1>>, relu,
                                         named<"excite", conv2d<12, 1>>, sigmoid>>,
              product<identity, sequence<named<"gate", conv2d<12, 1>>, hard_sigmoid<>>>,
              concat<pad<border{.top = 1, .bottom = -1, .front = 1, .back = 2}>,
                     sequence<from<"stem_relu">, slice<1, 7>>>,
              named<"last", conv2d<10, 3, with{.stride = 2}>>, relu, global_avg_pool, flatten,
              named<"fc", dense<5>>> {};

struct norms
    : network<
          input<7, 6, 3>, named<"stem", conv2d<7, 3, with{.padding = 1}>>,
          named<"ln", layer_norm<norm{.epsilon = 1e-3}>>, gelu, named<"wide", pointwise<9>>,
          layer_norm<norm{.affine = false}>, local_response_norm<4, response{0.3, 0.6, 2}>,
          named<"conv", conv2d<8, 3, with{.stride = 2}>>, relu, named<"layer_scale", scale>, global_avg_pool,
          flatten,
          named<"head", sequence<named<"norm", layer_norm<>>, named<"drop", dropout>, named<"fc", dense<6>>>>,
          named<"last", sequence<batch_norm<>, dropout, relu, dense<4>>>> {};

}  // namespace salient::golden::graphs
