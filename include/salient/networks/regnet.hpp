// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

// RegNetX, and RegNetY with squeeze-and-excitation, for images of 224x224. Radosavovic et al. 2020,
// arXiv:2003.13678. They load the weights of torchvision's models of the same names.

template <int Filters, int Kernel, with Options, class... Activation>
using regnet_conv = conv_norm_activation<Filters, Kernel, Options, norm{}, Activation...>;

/// A 1x1 convolution, a 3x3 in groups of GroupWidth channels, a squeeze-and-excitation to Squeezed channels
/// (omitted if Squeezed is 0), and a 1x1; all have Channels outputs (figure 4).
template <int Channels, int GroupWidth, int Squeezed, int Stride>
using regnet_branch = splice<
    sequence<
        named<"a", regnet_conv<Channels, 1, with{}, relu>>,
        named<"b", regnet_conv<Channels, 3, with{.stride = Stride, .groups = Channels / GroupWidth}, relu>>>,
    layers_if<Squeezed != 0, named<"se", squeeze_excitation<Channels, Squeezed, relu, sigmoid>>>,
    sequence<named<"c", regnet_conv<Channels, 1, with{}>>>>;

template <int Channels, int GroupWidth, int Squeezed>
struct regnet_block : sequence<sum<identity, named<"f", regnet_branch<Channels, GroupWidth, Squeezed, 1>>>,
                               named<"activation", relu>> {};

/// Halves height and width.
template <int Channels, int GroupWidth, int Squeezed>
struct regnet_block_down : sequence<sum<named<"proj", regnet_conv<Channels, 1, with{.stride = 2}>>,
                                        named<"f", regnet_branch<Channels, GroupWidth, Squeezed, 2>>>,
                                    named<"activation", relu>> {};

template <fixed_string Prefix, class First, class Rest, std::size_t... I>
auto regnet_blocks(std::index_sequence<I...>)
    -> sequence<named<numbered<Prefix, I>(), std::conditional_t<I == 0, First, Rest>>...>;

/// Count blocks, named Prefix0, Prefix1 and so on. Squeezes to a quarter of each block's input channels.
template <fixed_string Prefix, int In, int Channels, int Count, int GroupWidth, bool Gated>
using regnet_stage =
    decltype(regnet_blocks<Prefix, regnet_block_down<Channels, GroupWidth, Gated ? In / 4 : 0>,
                           regnet_block<Channels, GroupWidth, Gated ? Channels / 4 : 0>>(
        std::make_index_sequence<std::size_t{Count}>()));

/// Four stages between the first convolution and the classifier.
template <class Stage1, class Stage2, class Stage3, class Stage4>
struct regnet : network<imagenet_input<224>, named<"stem", regnet_conv<32, 3, with{.stride = 2}, relu>>,
                        named<"trunk_output", sequence<named<"block1", Stage1>, named<"block2", Stage2>,
                                                       named<"block3", Stage3>, named<"block4", Stage4>>>,
                        named<"avgpool", global_avg_pool>, flatten, named<"fc", dense<1000>>> {};

struct regnet_x_400mf : regnet<regnet_stage<"block1-", 32, 32, 1, 16, false>,   //
                               regnet_stage<"block2-", 32, 64, 2, 16, false>,   //
                               regnet_stage<"block3-", 64, 160, 7, 16, false>,  //
                               regnet_stage<"block4-", 160, 400, 12, 16, false>> {};
struct regnet_y_400mf : regnet<regnet_stage<"block1-", 32, 48, 1, 8, true>,    //
                               regnet_stage<"block2-", 48, 104, 3, 8, true>,   //
                               regnet_stage<"block3-", 104, 208, 6, 8, true>,  //
                               regnet_stage<"block4-", 208, 440, 6, 8, true>> {};

}  // namespace salient::networks
