// SPDX-License-Identifier: MIT
#pragma once

#include "salient/layer/unused.hpp"
#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

/// Four concatenated branches (figure 2b): a 1x1 convolution; a 1x1, then a 3x3; a 1x1, then a 5x5; a
/// max-pooling, then a 1x1. The third branch has a 3x3 instead of the 5x5, as in torchvision.
template <int C1x1, int Reduced3x3, int C3x3, int Reduced5x5, int C5x5, int Projected>
struct inception
    : sequence<concat<
          named<"branch1", basic_conv<C1x1, 1>>,
          named<"branch2", sequence<basic_conv<Reduced3x3, 1>, basic_conv<C3x3, 3, with{.padding = 1}>>>,
          named<"branch3", sequence<basic_conv<Reduced5x5, 1>, basic_conv<C5x5, 3, with{.padding = 1}>>>,
          named<"branch4", sequence<max_pool<3, with{.stride = 1, .padding = 1, .ceil_mode = true}>,
                                    basic_conv<Projected, 1>>>>> {};

/// GoogLeNet with batch norm, for images of 224x224. Szegedy et al. 2014, arXiv:1409.4842, table 1. Loads the
/// weights of torchvision's `googlenet`, without the auxiliary classifiers `aux1` and `aux2`.
///
/// The input is RGB from -1 to 1. torchvision uses the same input internally: with `transform_input=True`, as
/// its pretrained weights need, it undoes ImageNet's normalisation.
struct googlenet
    : network<inception_input<224>, named<"conv1", basic_conv<64, 7, with{.stride = 2, .padding = 3}>>,
              named<"maxpool1", max_pool<3, with{.stride = 2, .ceil_mode = true}>>,
              named<"conv2", basic_conv<64, 1>>, named<"conv3", basic_conv<192, 3, with{.padding = 1}>>,
              named<"maxpool2", max_pool<3, with{.stride = 2, .ceil_mode = true}>>,
              named<"inception3a", inception<64, 96, 128, 16, 32, 32>>,
              named<"inception3b", inception<128, 128, 192, 32, 96, 64>>,
              named<"maxpool3", max_pool<3, with{.stride = 2, .ceil_mode = true}>>,
              named<"inception4a", inception<192, 96, 208, 16, 48, 64>>, named<"aux1", unused>,
              named<"inception4b", inception<160, 112, 224, 24, 64, 64>>,
              named<"inception4c", inception<128, 128, 256, 24, 64, 64>>,
              named<"inception4d", inception<112, 144, 288, 32, 64, 64>>, named<"aux2", unused>,
              named<"inception4e", inception<256, 160, 320, 32, 128, 128>>,
              named<"maxpool4", max_pool<2, with{.stride = 2, .ceil_mode = true}>>,
              named<"inception5a", inception<256, 160, 320, 32, 128, 128>>,
              named<"inception5b", inception<384, 192, 384, 48, 128, 128>>, named<"avgpool", global_avg_pool>,
              flatten, dropout, named<"fc", dense<1000>>> {};

}  // namespace salient::networks
