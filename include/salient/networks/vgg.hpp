// SPDX-License-Identifier: MIT
#pragma once

#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

// VGG without and with batch norm (_bn), for images of 224x224. Simonyan and Zisserman 2014, arXiv:1409.1556.
// They load the weights of torchvision's models of the same names.

template <int Channels, int Count, class... Norm>
using vgg_stage =
    splice<repeat<Count, conv2d<Channels, 3, with{.padding = 1}>, Norm..., relu>, sequence<max_pool<2>>>;

/// A column of table 1: the number of convolutions in each of the five stages. Norm precedes each ReLU.
template <int N1, int N2, int N3, int N4, int N5, class... Norm>
struct vgg : network<imagenet_input<224>,
                     named<"features", splice<vgg_stage<64, N1, Norm...>, vgg_stage<128, N2, Norm...>,
                                              vgg_stage<256, N3, Norm...>, vgg_stage<512, N4, Norm...>,
                                              vgg_stage<512, N5, Norm...>>>,
                     named<"avgpool", adaptive_avg_pool<7>>, flatten,
                     named<"classifier",
                           sequence<dense<4096>, relu, dropout, dense<4096>, relu, dropout, dense<1000>>>> {};

using vgg11 = vgg<1, 1, 2, 2, 2>;
using vgg13 = vgg<2, 2, 2, 2, 2>;
using vgg16 = vgg<2, 2, 3, 3, 3>;
using vgg19 = vgg<2, 2, 4, 4, 4>;
using vgg11_bn = vgg<1, 1, 2, 2, 2, batch_norm<>>;
using vgg13_bn = vgg<2, 2, 2, 2, 2, batch_norm<>>;
using vgg16_bn = vgg<2, 2, 3, 3, 3, batch_norm<>>;
using vgg19_bn = vgg<2, 2, 4, 4, 4, batch_norm<>>;

}  // namespace salient::networks
