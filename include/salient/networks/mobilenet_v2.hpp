// SPDX-License-Identifier: MIT
#pragma once

#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

template <int Filters, int Kernel, with Options = with{}>
using conv_relu6 = conv_norm_activation<Filters, Kernel, Options, norm{}, relu6>;

/// A 1x1 convolution to Inner channels (omitted if Inner is In), a depthwise 3x3, and a 1x1 to Channels
/// without an activation (figure 4).
template <int In, int Inner, int Channels, int Stride>
struct linear_bottleneck
    : residual<Stride == 1 && In == Channels,
               named<"conv", splice<layers_if<Inner != In, conv_relu6<Inner, 1>>,
                                    sequence<conv_relu6<Inner, 3, with{.stride = Stride, .groups = Inner}>,
                                             conv2d<Channels, 1, with{.bias = false}>, batch_norm<>>>>> {};

/// A row of table 2: input channels, t, c, n, s.
template <int In, int Expansion, int Channels, int Count, int Stride>
using bottlenecks = splice<sequence<linear_bottleneck<In, In * Expansion, Channels, Stride>>,
                           repeat<Count - 1, linear_bottleneck<Channels, Channels * Expansion, Channels, 1>>>;

/// MobileNetV2 for images of 224x224. Sandler et al. 2018, arXiv:1801.04381, table 2. Loads the weights of
/// torchvision's `mobilenet_v2`.
struct mobilenet_v2 : network<imagenet_input<224>,
                              named<"features", splice<sequence<conv_relu6<32, 3, with{.stride = 2}>>,  //
                                                       bottlenecks<32, 1, 16, 1, 1>,                    //
                                                       bottlenecks<16, 6, 24, 2, 2>,                    //
                                                       bottlenecks<24, 6, 32, 3, 2>,                    //
                                                       bottlenecks<32, 6, 64, 4, 2>,                    //
                                                       bottlenecks<64, 6, 96, 3, 1>,                    //
                                                       bottlenecks<96, 6, 160, 3, 2>,                   //
                                                       bottlenecks<160, 6, 320, 1, 1>,                  //
                                                       sequence<conv_relu6<1280, 1>>>>,
                              global_avg_pool, flatten, named<"classifier", sequence<dropout, dense<1000>>>> {
};

}  // namespace salient::networks
