// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>

#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

// Densely connected networks (DenseNet-BC) for images of 224x224. Huang et al. 2016, arXiv:1608.06993.
//
// They load the weights of torchvision's models of the same names, saved from `model.state_dict()`. The files
// that torchvision downloads have some other names (`norm.1` for `norm1`), which torchvision renames.

/// The channels that each layer adds: the paper's growth rate k.
inline constexpr int densenet_growth = 32;

struct dense_layer : sequence<named<"norm1", batch_norm<>>, named<"relu1", relu>,
                              named<"conv1", conv2d<4 * densenet_growth, 1, with{.bias = false}>>,
                              named<"norm2", batch_norm<>>, named<"relu2", relu>,
                              named<"conv2", conv2d<densenet_growth, 3, with{.padding = 1, .bias = false}>>> {
};

template <std::size_t... I>
auto dense_layers(std::index_sequence<I...>)
    -> sequence<concat<identity, named<numbered<"denselayer", I + 1>(), dense_layer>>...>;

/// Each layer reads the block's input and the outputs of all layers before it.
template <int Count>
struct dense_block : decltype(dense_layers(std::make_index_sequence<std::size_t{Count}>())){};

/// Reduces the map to Channels channels, and to half its height and width.
template <int Channels>
struct transition
    : sequence<named<"norm", batch_norm<>>, named<"relu", relu>,
               named<"conv", conv2d<Channels, 1, with{.bias = false}>>, named<"pool", avg_pool<2>>> {};

/// Channels after a dense block of Count layers and a transition, which halves them.
constexpr int channels_behind(int channels, int count) { return (channels + count * densenet_growth) / 2; }

/// A column of table 1: the number of layers in each block.
template <int N1, int N2, int N3, int N4, int C1 = channels_behind(64, N1), int C2 = channels_behind(C1, N2),
          int C3 = channels_behind(C2, N3)>
struct densenet
    : network<imagenet_input<224>,
              named<"features",
                    sequence<named<"conv0", conv2d<64, 7, with{.stride = 2, .padding = 3, .bias = false}>>,
                             named<"norm0", batch_norm<>>, named<"relu0", relu>,
                             named<"pool0", max_pool<3, with{.stride = 2, .padding = 1}>>,
                             named<"denseblock1", dense_block<N1>>, named<"transition1", transition<C1>>,
                             named<"denseblock2", dense_block<N2>>, named<"transition2", transition<C2>>,
                             named<"denseblock3", dense_block<N3>>, named<"transition3", transition<C3>>,
                             named<"denseblock4", dense_block<N4>>, named<"norm5", batch_norm<>>>>,
              relu, global_avg_pool, flatten, named<"classifier", dense<1000>>> {};
using densenet121 = densenet<6, 12, 24, 16>;
using densenet169 = densenet<6, 12, 32, 32>;
using densenet201 = densenet<6, 12, 48, 32>;

}  // namespace salient::networks
