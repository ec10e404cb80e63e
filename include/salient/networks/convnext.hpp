// SPDX-License-Identifier: MIT
#pragma once

#include "salient/layer/layer_norm.hpp"
#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

using convnext_norm = layer_norm<norm{.epsilon = 1e-6}>;

/// A depthwise 7x7 convolution, then two layers at each position (figure 4). The identity stands for
/// PyTorch's permutation to channels last, which is the order of data here.
template <int Channels>
struct convnext_block
    : sequence<
          sum<sequence<named<"block",
                             sequence<conv2d<Channels, 7, with{.padding = 3, .groups = Channels}>, identity,
                                      convnext_norm, pointwise<4 * Channels>, gelu, pointwise<Channels>>>,
                       named<"layer_scale", scale>>,
              identity>> {};

/// Halves height and width.
template <int Channels>
using convnext_down = sequence<convnext_norm, conv2d<Channels, 2, with{.stride = 2}>>;

/// ConvNeXt-T for images of 224x224. Liu et al. 2022, arXiv:2201.03545. Loads the weights of torchvision's
/// `convnext_tiny`.
struct convnext_tiny
    : network<imagenet_input<224, 224, fitting{.resize = 236}>,
              named<"features", sequence<sequence<conv2d<96, 4, with{.stride = 4}>, convnext_norm>,  //
                                         repeat<3, convnext_block<96>>, convnext_down<192>,          //
                                         repeat<3, convnext_block<192>>, convnext_down<384>,         //
                                         repeat<9, convnext_block<384>>, convnext_down<768>,         //
                                         repeat<3, convnext_block<768>>>>,
              named<"avgpool", global_avg_pool>,
              named<"classifier", sequence<convnext_norm, flatten, dense<1000>>>> {};

}  // namespace salient::networks
