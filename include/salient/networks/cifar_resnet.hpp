// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "salient/layer/pad.hpp"
#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

// Residual networks for CIFAR-10: images of 32x32, ten classes. He, Zhang, Ren and Sun 2015,
// arXiv:1512.03385, section 4.2, with shortcuts without parameters (option A).
//
// They load the weights of akamaster's pytorch_resnet_cifar10, and have its module paths. Those weights were
// trained on images normalised by ImageNet's mean and deviation.

/// Option A: takes every second pixel, and pads with channels of zeros before and after.
template <int Channels>
using subsampled =
    named<"shortcut",
          sequence<avg_pool<1, with{.stride = 2}>, pad<border{.front = Channels / 4, .back = Channels / 4}>>>;

template <int Channels, int Stride = 1>
struct cifar_block
    : sequence<sum<sequence<named<"conv1",
                                  conv2d<Channels, 3, with{.stride = Stride, .padding = 1, .bias = false}>>,
                            named<"bn1", batch_norm<>>, relu,
                            named<"conv2", conv2d<Channels, 3, with{.padding = 1, .bias = false}>>,
                            named<"bn2", batch_norm<>>>,
                   std::conditional_t<Stride == 1, identity, subsampled<Channels>>>,
               relu> {};

/// Each stage has Count blocks of two convolutions: 6 Count + 2 layers with weights in total.
template <int Count>
struct cifar_resnet
    : network<imagenet_input<32, 32, fitting{.resize = 32}>,
              named<"conv1", conv2d<16, 3, with{.padding = 1, .bias = false}>>, named<"bn1", batch_norm<>>,
              relu, named<"layer1", repeat<Count, cifar_block<16>>>,
              named<"layer2", splice<sequence<cifar_block<32, 2>>, repeat<Count - 1, cifar_block<32>>>>,
              named<"layer3", splice<sequence<cifar_block<64, 2>>, repeat<Count - 1, cifar_block<64>>>>,
              global_avg_pool, flatten, named<"linear", dense<10>>> {};
using resnet20 = cifar_resnet<3>;
using resnet32 = cifar_resnet<5>;
using resnet44 = cifar_resnet<7>;
using resnet56 = cifar_resnet<9>;

}  // namespace salient::networks
