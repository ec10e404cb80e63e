// SPDX-License-Identifier: MIT
#pragma once

#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

/// A convolution and batch norm as children of the surrounding sequence, because MNASNet numbers
/// them all in one.
template <int Filters, int Kernel, int Stride, int Groups>
using mnasnet_conv = sequence<
    conv2d<Filters, Kernel, with{.stride = Stride, .padding = Kernel / 2, .groups = Groups, .bias = false}>,
    batch_norm<>>;

/// A 1x1 convolution to Inner channels, a depthwise one, and a 1x1 to Channels without an
/// activation (figure 7).
template <int In, int Channels, int Kernel, int Stride, int Inner>
struct mnasnet_block : residual<Stride == 1 && In == Channels,
                                named<"layers", splice<mnasnet_conv<Inner, 1, 1, 1>, sequence<relu>,
                                                       mnasnet_conv<Inner, Kernel, Stride, Inner>,
                                                       sequence<relu>, mnasnet_conv<Channels, 1, 1, 1>>>> {};

/// Input channels, output channels, kernel, stride, expansion, number of blocks.
template <int In, int Channels, int Kernel, int Stride, int Expansion, int Count>
struct mnasnet_stack
    : splice<sequence<mnasnet_block<In, Channels, Kernel, Stride, In * Expansion>>,
             repeat<Count - 1, mnasnet_block<Channels, Channels, Kernel, 1, Channels * Expansion>>> {};

/// MNASNet-B1 for images of 224x224. Tan et al. 2018, arXiv:1807.11626.
/// Loads the weights of torchvision's `mnasnet1_0`.
struct mnasnet1_0 : network<imagenet_input<224>,
                            named<"layers", splice<mnasnet_conv<32, 3, 2, 1>, sequence<relu>,      //
                                                   mnasnet_conv<32, 3, 1, 32>, sequence<relu>,     //
                                                   mnasnet_conv<16, 1, 1, 1>,                      //
                                                   sequence<mnasnet_stack<16, 24, 3, 2, 3, 3>,     //
                                                            mnasnet_stack<24, 40, 5, 2, 3, 3>,     //
                                                            mnasnet_stack<40, 80, 5, 2, 6, 3>,     //
                                                            mnasnet_stack<80, 96, 3, 1, 6, 2>,     //
                                                            mnasnet_stack<96, 192, 5, 2, 6, 4>,    //
                                                            mnasnet_stack<192, 320, 3, 1, 6, 1>>,  //
                                                   mnasnet_conv<1280, 1, 1, 1>, sequence<relu>>>,
                            global_avg_pool, flatten, named<"classifier", sequence<dropout, dense<1000>>>> {};

}  // namespace salient::networks
