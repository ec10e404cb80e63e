// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "salient/networks/blocks.hpp"
#include "salient/networks/imagenet.hpp"

namespace salient::networks {

// Residual networks for images of 224x224. He, Zhang, Ren and Sun 2015, arXiv:1512.03385. Wide ResNet:
// Zagoruyko and Komodakis 2016, arXiv:1605.07146. ResNeXt: Xie et al. 2016, arXiv:1611.05431.
//
// They load the weights of torchvision's models of the same names. As in torchvision, the 3x3 convolution of
// a bottleneck has the stride (ResNet v1.5); in the paper it is the first 1x1 convolution.

/// The shortcut of a block whose output and input differ in shape.
template <int Channels, int Stride>
using projection =
    named<"downsample", sequence<conv2d<Channels, 1, with{.stride = Stride, .bias = false}>, batch_norm<>>>;

/// Two 3x3 convolutions (figure 5, left).
template <int Channels, int Stride = 1, class Shortcut = identity>
struct basic_block
    : sequence<sum<sequence<named<"conv1",
                                  conv2d<Channels, 3, with{.stride = Stride, .padding = 1, .bias = false}>>,
                            named<"bn1", batch_norm<>>, relu,
                            named<"conv2", conv2d<Channels, 3, with{.padding = 1, .bias = false}>>,
                            named<"bn2", batch_norm<>>>,
                   Shortcut>,
               relu> {};

/// A 1x1 convolution to Width channels, a 3x3 convolution in groups, and a 1x1 convolution to Channels
/// (figure 5, right).
template <int Channels, int Width, int Groups, int Stride = 1, class Shortcut = identity>
struct bottleneck
    : sequence<
          sum<sequence<named<"conv1", conv2d<Width, 1, with{.bias = false}>>, named<"bn1", batch_norm<>>,
                       relu,
                       named<"conv2",
                             conv2d<Width, 3,
                                    with{.stride = Stride, .padding = 1, .groups = Groups, .bias = false}>>,
                       named<"bn2", batch_norm<>>, relu,
                       named<"conv3", conv2d<Channels, 1, with{.bias = false}>>, named<"bn3", batch_norm<>>>,
              Shortcut>,
          relu> {};

/// Count blocks. The first has the stride, and a projection shortcut if it changes the shape.
template <int Channels, int Count, int Stride>
using basic_stage =
    splice<sequence<basic_block<Channels, Stride,
                                std::conditional_t<Stride == 1, identity, projection<Channels, Stride>>>>,
           repeat<Count - 1, basic_block<Channels>>>;
template <int Channels, int Count, int Stride, int Width, int Groups>
using bottleneck_stage =
    splice<sequence<bottleneck<Channels, Width, Groups, Stride, projection<Channels, Stride>>>,
           repeat<Count - 1, bottleneck<Channels, Width, Groups>>>;

/// All rows of table 1.
template <class Stage1, class Stage2, class Stage3, class Stage4>
using resnet_of =
    network<imagenet_input<224>,
            named<"conv1", conv2d<64, 7, with{.stride = 2, .padding = 3, .bias = false}>>,
            named<"bn1", batch_norm<>>, named<"relu", relu>,
            named<"maxpool", max_pool<3, with{.stride = 2, .padding = 1}>>, named<"layer1", Stage1>,
            named<"layer2", Stage2>, named<"layer3", Stage3>, named<"layer4", Stage4>,
            named<"avgpool", global_avg_pool>, flatten, named<"fc", dense<1000>>>;

/// A column of table 1 with basic blocks: the number of blocks in each stage.
template <int N1, int N2, int N3, int N4>
struct basic_resnet : resnet_of<basic_stage<64, N1, 1>, basic_stage<128, N2, 2>, basic_stage<256, N3, 2>,
                                basic_stage<512, N4, 2>> {};
using resnet18 = basic_resnet<2, 2, 2, 2>;
using resnet34 = basic_resnet<3, 4, 6, 3>;

/// A column with bottlenecks. Width is the number of channels inside the bottlenecks of the first stage; it
/// doubles with each stage.
template <int N1, int N2, int N3, int N4, int Width = 64, int Groups = 1>
struct bottleneck_resnet
    : resnet_of<bottleneck_stage<256, N1, 1, Width, Groups>, bottleneck_stage<512, N2, 2, 2 * Width, Groups>,
                bottleneck_stage<1024, N3, 2, 4 * Width, Groups>,
                bottleneck_stage<2048, N4, 2, 8 * Width, Groups>> {};
using resnet50 = bottleneck_resnet<3, 4, 6, 3>;
using resnet101 = bottleneck_resnet<3, 4, 23, 3>;
using resnet152 = bottleneck_resnet<3, 8, 36, 3>;
using wide_resnet50_2 = bottleneck_resnet<3, 4, 6, 3, 128>;
using resnext50_32x4d = bottleneck_resnet<3, 4, 6, 3, 128, 32>;

}  // namespace salient::networks
