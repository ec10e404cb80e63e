// SPDX-License-Identifier: MIT
#pragma once

#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

/// AlexNet for images of 224x224, in the variant of Krizhevsky 2014, arXiv:1404.5997, with one tower and
/// without local response normalisation. Loads the weights of torchvision's `alexnet`.
struct alexnet
    : network<imagenet_input<224>,
              named<"features",
                    sequence<conv2d<64, 11, with{.stride = 4, .padding = 2}>, relu,
                             max_pool<3, with{.stride = 2}>, conv2d<192, 5, with{.padding = 2}>, relu,
                             max_pool<3, with{.stride = 2}>, conv2d<384, 3, with{.padding = 1}>, relu,  //
                             conv2d<256, 3, with{.padding = 1}>, relu,                                  //
                             conv2d<256, 3, with{.padding = 1}>, relu, max_pool<3, with{.stride = 2}>>>,
              named<"avgpool", adaptive_avg_pool<6>>, flatten,
              named<"classifier",
                    sequence<dropout, dense<4096>, relu, dropout, dense<4096>, relu, dense<1000>>>> {};

}  // namespace salient::networks
