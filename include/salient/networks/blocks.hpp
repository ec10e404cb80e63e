// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "salient/layer/activation.hpp"
#include "salient/layer/batch_norm.hpp"
#include "salient/layer/block.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/dropout.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/named.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"
#include "salient/layer/repeat.hpp"

namespace salient::networks {

// Blocks shared by several families of networks.

/// The same options with another padding and without a bias, which batch norm makes redundant.
constexpr with unbiased(with options, padding pad) {
  options.padding = pad;
  options.bias = false;
  return options;
}

/// A convolution, batch norm, and an optional activation. With stride 1 the padding keeps height and width.
/// torchvision's `Conv2dNormActivation`.
template <int Filters, int Kernel, with Options, norm Norm, class... Activation>
struct conv_norm_activation : sequence<conv2d<Filters, Kernel, unbiased(Options, (Kernel - 1) / 2)>,
                                       batch_norm<Norm>, Activation...> {};

/// A convolution, batch norm with an epsilon of 0.001, and a ReLU. The `BasicConv2d` of torchvision's
/// Inception networks.
template <int Filters, size Kernel, with Options = with{}>
struct basic_conv : sequence<named<"conv", conv2d<Filters, Kernel, unbiased(Options, Options.padding)>>,
                             named<"bn", batch_norm<norm{.epsilon = 1e-3}>>, relu> {};

/// Multiplies every channel by a gate, which two 1x1 convolutions compute from the channel means.
/// torchvision's `SqueezeExcitation`. Hu et al. 2017, arXiv:1709.01507.
template <int Channels, int Squeezed, class Activation, class Gate>
struct squeeze_excitation : sequence<product<identity, sequence<named<"avgpool", global_avg_pool>,  //
                                                                named<"fc1", conv2d<Squeezed, 1>>,  //
                                                                named<"activation", Activation>,    //
                                                                named<"fc2", conv2d<Channels, 1>>,  //
                                                                named<"scale_activation", Gate>>>> {};

/// The layers in sequence if Present, otherwise none.
template <bool Present, class... L>
using layers_if = std::conditional_t<Present, sequence<L...>, sequence<>>;

/// A branch; adds its input (residual connection) if Adds is true.
template <bool Adds, class Branch>
struct residual : sequence<sum<Branch, identity>> {};
template <class Branch>
struct residual<false, Branch> : sequence<Branch> {};
template <class... L>
struct residual<false, sequence<L...>> : sequence<L...> {};

}  // namespace salient::networks
