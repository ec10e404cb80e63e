// SPDX-License-Identifier: MIT
#pragma once

#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

// SqueezeNet for images of 224x224. Iandola et al. 2016, arXiv:1602.07360. They load the weights of
// torchvision's models of the same names.

/// A 1x1 convolution to a few channels, then a 1x1 and a 3x3 convolution in parallel (figure 1).
template <int Squeezed, int Expanded1x1, int Expanded3x3>
struct fire
    : sequence<
          named<"squeeze", conv2d<Squeezed, 1>>, named<"squeeze_activation", relu>,
          concat<sequence<named<"expand1x1", conv2d<Expanded1x1, 1>>, named<"expand1x1_activation", relu>>,
                 sequence<named<"expand3x3", conv2d<Expanded3x3, 3, with{.padding = 1}>>,
                          named<"expand3x3_activation", relu>>>> {};

using squeezenet_pool = max_pool<3, with{.stride = 2, .ceil_mode = true}>;

/// A convolution gives one map per class, whose mean is the score. There is no dense layer.
using squeezenet_classifier = named<"classifier", sequence<dropout, conv2d<1000, 1>, relu, global_avg_pool>>;

/// Table 1.
struct squeezenet1_0
    : network<imagenet_input<224>,
              named<"features",
                    sequence<conv2d<96, 7, with{.stride = 2}>, relu, squeezenet_pool,  //
                             fire<16, 64, 64>, fire<16, 64, 64>, fire<32, 128, 128>, squeezenet_pool,
                             fire<32, 128, 128>, fire<48, 192, 192>, fire<48, 192, 192>, fire<64, 256, 256>,
                             squeezenet_pool,  //
                             fire<64, 256, 256>>>,
              squeezenet_classifier, flatten> {};

/// The authors' later version, which pools earlier and needs fewer multiplications.
struct squeezenet1_1
    : network<imagenet_input<224>,
              named<"features",
                    sequence<conv2d<64, 3, with{.stride = 2}>, relu, squeezenet_pool,  //
                             fire<16, 64, 64>, fire<16, 64, 64>, squeezenet_pool,      //
                             fire<32, 128, 128>, fire<32, 128, 128>, squeezenet_pool,  //
                             fire<48, 192, 192>, fire<48, 192, 192>, fire<64, 256, 256>, fire<64, 256, 256>>>,
              squeezenet_classifier, flatten> {};

}  // namespace salient::networks
