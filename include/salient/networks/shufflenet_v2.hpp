// SPDX-License-Identifier: MIT
#pragma once

#include "salient/layer/channel_shuffle.hpp"
#include "salient/layer/slice.hpp"
#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

/// A convolution and batch norm as children of the surrounding sequence, because ShuffleNet numbers
/// them all in one.
template <int Filters, int Kernel, with Options = with{}>
using shuffle_conv = sequence<conv2d<Filters, Kernel, unbiased(Options, Kernel / 2)>, batch_norm<>>;

/// A 1x1 convolution, a depthwise 3x3 and another 1x1, all with Channels outputs.
template <int Channels, int Stride>
using shuffle_branch = splice<shuffle_conv<Channels, 1>, sequence<relu>,
                              shuffle_conv<Channels, 3, with{.stride = Stride, .groups = Channels}>,
                              shuffle_conv<Channels, 1>, sequence<relu>>;

/// Half of the channels pass unchanged, the others go through a branch; then all are shuffled (figure 3c).
template <int Channels>
struct shuffle_unit
    : sequence<concat<slice<0, Channels / 2>, sequence<slice<Channels / 2, Channels / 2>,
                                                       named<"branch2", shuffle_branch<Channels / 2, 1>>>>,
               channel_shuffle<2>> {};

/// Halves height and width: all channels go through two branches (figure 3d).
template <int In, int Channels>
struct shuffle_unit_down
    : sequence<concat<named<"branch1", splice<shuffle_conv<In, 3, with{.stride = 2, .groups = In}>,
                                              shuffle_conv<Channels / 2, 1>, sequence<relu>>>,
                      named<"branch2", shuffle_branch<Channels / 2, 2>>>,
               channel_shuffle<2>> {};

template <int In, int Channels, int Count>
using shuffle_stage =
    splice<sequence<shuffle_unit_down<In, Channels>>, repeat<Count - 1, shuffle_unit<Channels>>>;

/// ShuffleNetV2 1x for images of 224x224. Ma et al. 2018, arXiv:1807.11164, table 5. Loads the weights of
/// torchvision's `shufflenet_v2_x1_0`.
struct shufflenet_v2_x1_0
    : network<imagenet_input<224>,
              named<"conv1", splice<shuffle_conv<24, 3, with{.stride = 2}>, sequence<relu>>>,
              named<"maxpool", max_pool<3, with{.stride = 2, .padding = 1}>>,
              named<"stage2", shuffle_stage<24, 116, 4>>, named<"stage3", shuffle_stage<116, 232, 8>>,
              named<"stage4", shuffle_stage<232, 464, 4>>,
              named<"conv5", splice<shuffle_conv<1024, 1>, sequence<relu>>>, global_avg_pool, flatten,
              named<"fc", dense<1000>>> {};

}  // namespace salient::networks
