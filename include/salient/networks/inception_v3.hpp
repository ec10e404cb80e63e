// SPDX-License-Identifier: MIT
#pragma once

#include "salient/layer/unused.hpp"
#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

// The modules of Inception-v3: concatenated branches. Averages count padding as zeros, as in torchvision.

/// A 3x3 average, then a 1x1 convolution.
template <int Channels>
using inception_pool =
    sequence<avg_pool<3, with{.stride = 1, .padding = 1}>, named<"branch_pool", basic_conv<Channels, 1>>>;

/// A 1x1, a 5x5 and two 3x3 convolutions, and a pooling (figure 5).
template <int Pooled>
struct inception_a : sequence<concat<named<"branch1x1", basic_conv<64, 1>>,
                                     sequence<named<"branch5x5_1", basic_conv<48, 1>>,
                                              named<"branch5x5_2", basic_conv<64, 5, with{.padding = 2}>>>,
                                     sequence<named<"branch3x3dbl_1", basic_conv<64, 1>>,
                                              named<"branch3x3dbl_2", basic_conv<96, 3, with{.padding = 1}>>,
                                              named<"branch3x3dbl_3", basic_conv<96, 3, with{.padding = 1}>>>,
                                     inception_pool<Pooled>>> {};

/// Halves height and width (figure 10).
struct inception_b : sequence<concat<named<"branch3x3", basic_conv<384, 3, with{.stride = 2}>>,
                                     sequence<named<"branch3x3dbl_1", basic_conv<64, 1>>,
                                              named<"branch3x3dbl_2", basic_conv<96, 3, with{.padding = 1}>>,
                                              named<"branch3x3dbl_3", basic_conv<96, 3, with{.stride = 2}>>>,
                                     max_pool<3, with{.stride = 2}>>> {};

/// 7x7 convolutions, each factorised into a 1x7 and a 7x1 (figure 6).
template <int Inner>
struct inception_c
    : sequence<
          concat<named<"branch1x1", basic_conv<192, 1>>,
                 sequence<named<"branch7x7_1", basic_conv<Inner, 1>>,
                          named<"branch7x7_2", basic_conv<Inner, size{1, 7}, with{.padding = {0, 3}}>>,
                          named<"branch7x7_3", basic_conv<192, size{7, 1}, with{.padding = {3, 0}}>>>,
                 sequence<named<"branch7x7dbl_1", basic_conv<Inner, 1>>,
                          named<"branch7x7dbl_2", basic_conv<Inner, size{7, 1}, with{.padding = {3, 0}}>>,
                          named<"branch7x7dbl_3", basic_conv<Inner, size{1, 7}, with{.padding = {0, 3}}>>,
                          named<"branch7x7dbl_4", basic_conv<Inner, size{7, 1}, with{.padding = {3, 0}}>>,
                          named<"branch7x7dbl_5", basic_conv<192, size{1, 7}, with{.padding = {0, 3}}>>>,
                 inception_pool<192>>> {};

/// Halves height and width.
struct inception_d
    : sequence<concat<sequence<named<"branch3x3_1", basic_conv<192, 1>>,
                               named<"branch3x3_2", basic_conv<320, 3, with{.stride = 2}>>>,
                      sequence<named<"branch7x7x3_1", basic_conv<192, 1>>,
                               named<"branch7x7x3_2", basic_conv<192, size{1, 7}, with{.padding = {0, 3}}>>,
                               named<"branch7x7x3_3", basic_conv<192, size{7, 1}, with{.padding = {3, 0}}>>,
                               named<"branch7x7x3_4", basic_conv<192, 3, with{.stride = 2}>>>,
                      max_pool<3, with{.stride = 2}>>> {};

/// 1x3 and 3x1 convolutions in parallel (figure 7).
struct inception_e
    : sequence<concat<
          named<"branch1x1", basic_conv<320, 1>>,
          sequence<named<"branch3x3_1", basic_conv<384, 1>>,
                   concat<named<"branch3x3_2a", basic_conv<384, size{1, 3}, with{.padding = {0, 1}}>>,
                          named<"branch3x3_2b", basic_conv<384, size{3, 1}, with{.padding = {1, 0}}>>>>,
          sequence<named<"branch3x3dbl_1", basic_conv<448, 1>>,
                   named<"branch3x3dbl_2", basic_conv<384, 3, with{.padding = 1}>>,
                   concat<named<"branch3x3dbl_3a", basic_conv<384, size{1, 3}, with{.padding = {0, 1}}>>,
                          named<"branch3x3dbl_3b", basic_conv<384, size{3, 1}, with{.padding = {1, 0}}>>>>,
          inception_pool<192>>> {};

/// Inception-v3 for images of 299x299. Szegedy et al. 2015, arXiv:1512.00567, table 1. Loads the weights of
/// torchvision's `inception_v3`, without the auxiliary classifier `AuxLogits`.
///
/// The input is RGB from -1 to 1. torchvision uses the same input internally: with `transform_input=True`, as
/// its pretrained weights need, it undoes ImageNet's normalisation.
struct inception_v3
    : network<inception_input<299>, named<"Conv2d_1a_3x3", basic_conv<32, 3, with{.stride = 2}>>,
              named<"Conv2d_2a_3x3", basic_conv<32, 3>>,
              named<"Conv2d_2b_3x3", basic_conv<64, 3, with{.padding = 1}>>,
              named<"maxpool1", max_pool<3, with{.stride = 2}>>, named<"Conv2d_3b_1x1", basic_conv<80, 1>>,
              named<"Conv2d_4a_3x3", basic_conv<192, 3>>, named<"maxpool2", max_pool<3, with{.stride = 2}>>,
              named<"Mixed_5b", inception_a<32>>, named<"Mixed_5c", inception_a<64>>,
              named<"Mixed_5d", inception_a<64>>, named<"Mixed_6a", inception_b>,
              named<"Mixed_6b", inception_c<128>>, named<"Mixed_6c", inception_c<160>>,
              named<"Mixed_6d", inception_c<160>>, named<"Mixed_6e", inception_c<192>>,
              named<"AuxLogits", unused>, named<"Mixed_7a", inception_d>, named<"Mixed_7b", inception_e>,
              named<"Mixed_7c", inception_e>, named<"avgpool", global_avg_pool>, dropout, flatten,
              named<"fc", dense<1000>>> {};

}  // namespace salient::networks
