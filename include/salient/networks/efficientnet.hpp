// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"
#include "salient/networks/scaling.hpp"

namespace salient::networks {

// EfficientNet. Tan and Le 2019, arXiv:1905.11946. They load the weights of torchvision's models of the same
// names. The image sizes are the crops of torchvision's default weights.

/// A row of table 1: `count` blocks; the first has the stride.
struct mbconv_stage {
  int expansion, kernel, stride, in, channels, count;
};
inline constexpr std::array<mbconv_stage, 7> efficientnet_table{{
    {1, 3, 1, 32, 16, 1},
    {6, 3, 2, 16, 24, 2},
    {6, 5, 2, 24, 40, 2},
    {6, 3, 2, 40, 80, 3},
    {6, 5, 1, 80, 112, 3},
    {6, 5, 2, 112, 192, 4},
    {6, 3, 1, 192, 320, 1},
}};

/// The row with its channels multiplied by `width` and its number of blocks by `depth`.
constexpr mbconv_stage scaled(mbconv_stage row, double width, double depth) {
  row.in = round_channels(row.in * width);
  row.channels = round_channels(row.channels * width);
  row.count = round_up(row.count * depth);
  return row;
}

/// A 1x1 convolution to Inner channels (omitted if Inner is In), a depthwise one, a squeeze-and-excitation,
/// and a 1x1 to Channels without an activation.
template <int In, int Inner, int Kernel, int Channels, int Stride, norm Norm>
using mbconv_layers =
    splice<layers_if<Inner != In, conv_norm_activation<Inner, 1, with{}, Norm, silu>>,
           sequence<conv_norm_activation<Inner, Kernel, with{.stride = Stride, .groups = Inner}, Norm, silu>,
                    squeeze_excitation<Inner, In / 4, silu, sigmoid>,
                    conv_norm_activation<Channels, 1, with{}, Norm>>>;

template <int In, int Inner, int Kernel, int Channels, int Stride, norm Norm>
struct mbconv : residual<Stride == 1 && In == Channels,
                         named<"block", mbconv_layers<In, Inner, Kernel, Channels, Stride, Norm>>> {};

template <mbconv_stage S, norm Norm>
struct mbconv_blocks
    : splice<sequence<mbconv<S.in, round_channels(S.in* S.expansion), S.kernel, S.channels, S.stride, Norm>>,
             repeat<S.count - 1, mbconv<S.channels, round_channels(S.channels* S.expansion), S.kernel,
                                        S.channels, 1, Norm>>> {};

template <number Width, number Depth, norm Norm, std::size_t... I>
auto efficientnet_stages(std::index_sequence<I...>)
    -> sequence<mbconv_blocks<scaled(efficientnet_table[I], Width.value, Depth.value), Norm>...>;

/// torchvision's: the shorter side before the middle is cropped.
template <int Side>
struct efficientnet_input {
  static constexpr fitting fit{.resize = Side <= 240   ? 256
                                         : Side == 300 ? 320
                                         : Side == 380 ? 384
                                                       : Side,
                               .filter = filter::bicubic};
  using type = imagenet_input<Side, Side, fit>;
};

/// Table 1, scaled, for images of Side x Side.
template <number Width, number Depth, int Side, norm Norm = norm{}>
struct efficientnet
    : network<typename efficientnet_input<Side>::type,
              named<"features", splice<sequence<conv_norm_activation<round_channels(32 * Width.value), 3,
                                                                     with{.stride = 2}, Norm, silu>>,
                                       decltype(efficientnet_stages<Width, Depth, Norm>(
                                           std::make_index_sequence<efficientnet_table.size()>())),
                                       sequence<conv_norm_activation<4 * round_channels(320 * Width.value), 1,
                                                                     with{}, Norm, silu>>>>,
              named<"avgpool", global_avg_pool>, flatten,
              named<"classifier", sequence<dropout, dense<1000>>>> {};

using efficientnet_b0 = efficientnet<1.0, 1.0, 224>;
using efficientnet_b1 = efficientnet<1.0, 1.1, 240>;
using efficientnet_b2 = efficientnet<1.1, 1.2, 288>;
using efficientnet_b3 = efficientnet<1.2, 1.4, 300>;
using efficientnet_b4 = efficientnet<1.4, 1.8, 380>;
using efficientnet_b5 = efficientnet<1.6, 2.2, 456, norm{.epsilon = 1e-3}>;
using efficientnet_b6 = efficientnet<1.8, 2.6, 528, norm{.epsilon = 1e-3}>;
using efficientnet_b7 = efficientnet<2.0, 3.1, 600, norm{.epsilon = 1e-3}>;

}  // namespace salient::networks
