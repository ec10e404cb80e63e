// SPDX-License-Identifier: MIT
#pragma once

#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"
#include "salient/networks/scaling.hpp"

namespace salient::networks {

// MobileNetV3 for images of 224x224. Howard et al. 2019, arXiv:1905.02244. They load the weights of
// torchvision's models of the same names.

template <int Filters, int Kernel, with Options, class... Activation>
using mobile_conv = conv_norm_activation<Filters, Kernel, Options, norm{.epsilon = 1e-3}, Activation...>;

/// Whether a block has a squeeze-and-excitation.
enum class se { no, yes };

/// A 1x1 convolution to Inner channels (omitted if Inner is In), a depthwise one, an optional
/// squeeze-and-excitation, and a 1x1 to Channels without an activation.
template <int In, int Kernel, int Inner, int Channels, se Gate, class Activation, int Stride>
using bneck_layers = splice<
    layers_if<Inner != In, mobile_conv<Inner, 1, with{}, Activation>>,
    sequence<mobile_conv<Inner, Kernel, with{.stride = Stride, .groups = Inner}, Activation>>,
    layers_if<Gate == se::yes, squeeze_excitation<Inner, round_channels(Inner / 4), relu, hard_sigmoid<>>>,
    sequence<mobile_conv<Channels, 1, with{}>>>;

/// A row of table 1 or 2: input channels, kernel, exp size, #out, SE, NL, s.
template <int In, int Kernel, int Inner, int Channels, se Gate, class Activation, int Stride>
struct bneck : residual<Stride == 1 && In == Channels,
                        named<"block", bneck_layers<In, Kernel, Inner, Channels, Gate, Activation, Stride>>> {
};

/// A table's rows between the first convolution and the classifier, which has a hidden layer of
/// Hidden channels.
template <int Last, int Hidden, class... Rows>
struct mobilenet_v3
    : network<imagenet_input<224>,
              named<"features", sequence<mobile_conv<16, 3, with{.stride = 2}, hard_swish>, Rows...,
                                         mobile_conv<Last, 1, with{}, hard_swish>>>,
              named<"avgpool", global_avg_pool>, flatten,
              named<"classifier", sequence<dense<Hidden>, hard_swish, dropout, dense<1000>>>> {};

/// Table 1.
struct mobilenet_v3_large : mobilenet_v3<960, 1280,                                        //
                                         bneck<16, 3, 16, 16, se::no, relu, 1>,            //
                                         bneck<16, 3, 64, 24, se::no, relu, 2>,            //
                                         bneck<24, 3, 72, 24, se::no, relu, 1>,            //
                                         bneck<24, 5, 72, 40, se::yes, relu, 2>,           //
                                         bneck<40, 5, 120, 40, se::yes, relu, 1>,          //
                                         bneck<40, 5, 120, 40, se::yes, relu, 1>,          //
                                         bneck<40, 3, 240, 80, se::no, hard_swish, 2>,     //
                                         bneck<80, 3, 200, 80, se::no, hard_swish, 1>,     //
                                         bneck<80, 3, 184, 80, se::no, hard_swish, 1>,     //
                                         bneck<80, 3, 184, 80, se::no, hard_swish, 1>,     //
                                         bneck<80, 3, 480, 112, se::yes, hard_swish, 1>,   //
                                         bneck<112, 3, 672, 112, se::yes, hard_swish, 1>,  //
                                         bneck<112, 5, 672, 160, se::yes, hard_swish, 2>,  //
                                         bneck<160, 5, 960, 160, se::yes, hard_swish, 1>,  //
                                         bneck<160, 5, 960, 160, se::yes, hard_swish, 1>> {};

/// Table 2.
struct mobilenet_v3_small : mobilenet_v3<576, 1024,                                      //
                                         bneck<16, 3, 16, 16, se::yes, relu, 2>,         //
                                         bneck<16, 3, 72, 24, se::no, relu, 2>,          //
                                         bneck<24, 3, 88, 24, se::no, relu, 1>,          //
                                         bneck<24, 5, 96, 40, se::yes, hard_swish, 2>,   //
                                         bneck<40, 5, 240, 40, se::yes, hard_swish, 1>,  //
                                         bneck<40, 5, 240, 40, se::yes, hard_swish, 1>,  //
                                         bneck<40, 5, 120, 48, se::yes, hard_swish, 1>,  //
                                         bneck<48, 5, 144, 48, se::yes, hard_swish, 1>,  //
                                         bneck<48, 5, 288, 96, se::yes, hard_swish, 2>,  //
                                         bneck<96, 5, 576, 96, se::yes, hard_swish, 1>,  //
                                         bneck<96, 5, 576, 96, se::yes, hard_swish, 1>> {};

}  // namespace salient::networks
