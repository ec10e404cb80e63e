// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/shape.hpp"
#include "salient/core/window.hpp"
#include "salient/kernel/conv.hpp"

namespace bench {

/// A convolution, dense layer (a convolution at one position) or pool of a network.
struct problem {
  const char* name;
  salient::shape in;
  int filters;
  salient::window w;
  long batch = 1;
  int groups = 1;
  int times = 1;  ///< that the network has it

  constexpr salient::shape out() const {
    return {(in.height + 2 * w.top - w.height) / w.stride_y + 1,
            (in.width + 2 * w.left - w.width) / w.stride_x + 1, filters};
  }
  constexpr salient::kernel::conv_problem conv() const { return {w, in.channels, filters, groups}; }
  /// A multiply-add counts as two.
  constexpr double operations() const {
    return 2.0 * static_cast<double>(batch * out().positions()) * static_cast<double>(conv().weights());
  }
  /// Input, output and weights in float32, each read or written once.
  constexpr double bytes() const {
    return 4.0 * static_cast<double>(batch * (in.elements() + out().elements()) + conv().weights());
  }
};

/// A square map, `size` by `size`.
constexpr salient::shape map(int size, int channels) { return {size, size, channels}; }
/// A square window with this size, stride and padding.
constexpr salient::window square(int size, int stride, int pad) {
  return {size, size, stride, stride, pad, pad, pad, pad};
}

constexpr salient::window valid_3x3 = square(3, 1, 0), same_3x3 = square(3, 1, 1), half_3x3 = square(3, 2, 1),
                          one = square(1, 1, 0), half_1x1 = square(1, 2, 0);

/// The four digit classifiers.
constexpr problem mnist_convolutions[] = {
    {"mnist/28x28x1-16-valid", map(28, 1), 16, valid_3x3},
    {"mnist/26x26x16-32-valid", map(26, 16), 32, valid_3x3},
    {"mnist/28x28x1-16", map(28, 1), 16, same_3x3},
    {"mnist/28x28x16-16", map(28, 16), 16, same_3x3},
    {"mnist/14x14x16-32", map(14, 16), 32, same_3x3},
    {"mnist/14x14x32-32", map(14, 32), 32, same_3x3},
    {"mnist/12x12x32-64", map(12, 32), 64, same_3x3},
    {"mnist/12x12x64-64", map(12, 64), 64, same_3x3},
    {"mnist/dense-784-128", map(1, 784), 128, one},
    {"mnist/dense-128-10", map(1, 128), 10, one},
    {"mnist/dense-1568-10", map(1, 1568), 10, one},
    {"mnist/dense-18432-10", map(1, 18432), 10, one},
};

/// VGG-16, configuration D (Simonyan and Zisserman 2015, arXiv:1409.1556): each distinct shape once.
constexpr problem vgg_convolutions[] = {
    {"vgg/224x224x3-64", map(224, 3), 64, same_3x3},
    {"vgg/224x224x64-64", map(224, 64), 64, same_3x3},
    {"vgg/112x112x64-128", map(112, 64), 128, same_3x3},
    {"vgg/112x112x128-128", map(112, 128), 128, same_3x3},
    {"vgg/56x56x128-256", map(56, 128), 256, same_3x3},
    {"vgg/56x56x256-256", map(56, 256), 256, same_3x3, 1, 1, 2},
    {"vgg/28x28x256-512", map(28, 256), 512, same_3x3},
    {"vgg/28x28x512-512", map(28, 512), 512, same_3x3, 1, 1, 2},
    {"vgg/14x14x512-512", map(14, 512), 512, same_3x3, 1, 1, 3},
    {"vgg/dense-25088-4096", map(1, 25088), 4096, one},
    {"vgg/dense-4096-4096", map(1, 4096), 4096, one},
    {"vgg/dense-4096-1000", map(1, 4096), 1000, one},
};

/// ResNet-50 (He et al. 2016, arXiv:1512.03385), with the stride on the 3x3 convolutions, as is usual today.
constexpr problem resnet_convolutions[] = {
    {"resnet/224x224x3-64-7x7-half", map(224, 3), 64, square(7, 2, 3)},
    {"resnet/56x56x64-64-1x1", map(56, 64), 64, one},
    {"resnet/56x56x64-64-3x3", map(56, 64), 64, same_3x3, 1, 1, 3},
    {"resnet/56x56x64-256-1x1", map(56, 64), 256, one, 1, 1, 4},
    {"resnet/56x56x256-64-1x1", map(56, 256), 64, one, 1, 1, 2},
    {"resnet/56x56x256-128-1x1", map(56, 256), 128, one},
    {"resnet/56x56x128-128-3x3-half", map(56, 128), 128, half_3x3},
    {"resnet/56x56x256-512-1x1-half", map(56, 256), 512, half_1x1},
    {"resnet/28x28x128-128-3x3", map(28, 128), 128, same_3x3, 1, 1, 3},
    {"resnet/28x28x128-512-1x1", map(28, 128), 512, one, 1, 1, 4},
    {"resnet/28x28x512-128-1x1", map(28, 512), 128, one, 1, 1, 3},
    {"resnet/28x28x512-256-1x1", map(28, 512), 256, one},
    {"resnet/28x28x256-256-3x3-half", map(28, 256), 256, half_3x3},
    {"resnet/28x28x512-1024-1x1-half", map(28, 512), 1024, half_1x1},
    {"resnet/14x14x256-256-3x3", map(14, 256), 256, same_3x3, 1, 1, 5},
    {"resnet/14x14x256-1024-1x1", map(14, 256), 1024, one, 1, 1, 6},
    {"resnet/14x14x1024-256-1x1", map(14, 1024), 256, one, 1, 1, 5},
    {"resnet/14x14x1024-512-1x1", map(14, 1024), 512, one},
    {"resnet/14x14x512-512-3x3-half", map(14, 512), 512, half_3x3},
    {"resnet/14x14x1024-2048-1x1-half", map(14, 1024), 2048, half_1x1},
    {"resnet/7x7x512-512-3x3", map(7, 512), 512, same_3x3, 1, 1, 2},
    {"resnet/7x7x512-2048-1x1", map(7, 512), 2048, one, 1, 1, 3},
    {"resnet/7x7x2048-512-1x1", map(7, 2048), 512, one, 1, 1, 2},
    {"resnet/dense-2048-1000", map(1, 2048), 1000, one},
};

/// Depthwise and grouped convolutions of MobileNetV2 (arXiv:1801.04381), EfficientNet-B0 (arXiv:1905.11946),
/// ConvNeXt (arXiv:2201.03545) and ResNeXt-50 (arXiv:1611.05431).
constexpr problem grouped_convolutions[] = {
    {"mobilenet/112x112x32-depthwise", map(112, 32), 32, same_3x3, 1, 32},
    {"mobilenet/112x112x96-depthwise-half", map(112, 96), 96, half_3x3, 1, 96},
    {"mobilenet/56x56x144-depthwise", map(56, 144), 144, same_3x3, 1, 144},
    {"mobilenet/14x14x576-depthwise", map(14, 576), 576, same_3x3, 1, 576},
    {"mobilenet/7x7x960-depthwise", map(7, 960), 960, same_3x3, 1, 960},
    {"efficientnet/14x14x672-depthwise-5x5", map(14, 672), 672, square(5, 1, 2), 1, 672},
    {"convnext/56x56x96-depthwise-7x7", map(56, 96), 96, square(7, 1, 3), 1, 96},
    {"resnext/56x56x128-32-groups", map(56, 128), 128, same_3x3, 1, 32},
    {"resnext/14x14x512-32-groups", map(14, 512), 512, same_3x3, 1, 32},
};

/// Small maps of few and many channels: where Winograd's algorithm begins to be faster than sums of products.
constexpr problem small_convolutions[] = {
    {"small/3x3x64-64", map(3, 64), 64, same_3x3},      {"small/3x3x512-512", map(3, 512), 512, same_3x3},
    {"small/4x4x16-16", map(4, 16), 16, same_3x3},      {"small/4x4x64-64", map(4, 64), 64, same_3x3},
    {"small/4x4x128-32", map(4, 128), 32, same_3x3},    {"small/4x4x512-512", map(4, 512), 512, same_3x3},
    {"small/5x5x16-16", map(5, 16), 16, same_3x3},      {"small/5x5x64-64", map(5, 64), 64, same_3x3},
    {"small/5x5x128-32", map(5, 128), 32, same_3x3},    {"small/5x5x512-512", map(5, 512), 512, same_3x3},
    {"small/6x6x16-16", map(6, 16), 16, same_3x3},      {"small/6x6x64-64", map(6, 64), 64, same_3x3},
    {"small/6x6x128-32", map(6, 128), 32, same_3x3},    {"small/6x6x512-512", map(6, 512), 512, same_3x3},
    {"small/7x7x16-16", map(7, 16), 16, same_3x3},      {"small/7x7x64-64", map(7, 64), 64, same_3x3},
    {"small/7x7x128-32", map(7, 128), 32, same_3x3},    {"small/8x8x16-16", map(8, 16), 16, same_3x3},
    {"small/8x8x32-32", map(8, 32), 32, same_3x3},      {"small/9x9x16-16", map(9, 16), 16, same_3x3},
    {"small/9x9x64-64", map(9, 64), 64, same_3x3},      {"small/9x9x128-32", map(9, 128), 32, same_3x3},
    {"small/9x9x512-512", map(9, 512), 512, same_3x3},  {"small/12x12x16-16", map(12, 16), 16, same_3x3},
    {"small/13x13x16-64", map(13, 16), 64, same_3x3},   {"small/14x14x128-32", map(14, 128), 32, same_3x3},
    {"small/28x28x128-32", map(28, 128), 32, same_3x3},
};

constexpr problem pools[] = {
    {"mnist/28x28x16", map(28, 16), 16, square(2, 2, 0)},
    {"mnist/14x14x32", map(14, 32), 32, square(2, 2, 0)},
    {"mnist/24x24x32", map(24, 32), 32, square(2, 2, 0)},
    {"vgg/224x224x64", map(224, 64), 64, square(2, 2, 0)},
    {"vgg/112x112x128", map(112, 128), 128, square(2, 2, 0)},
    {"vgg/56x56x256", map(56, 256), 256, square(2, 2, 0)},
    {"vgg/28x28x512", map(28, 512), 512, square(2, 2, 0)},
    {"vgg/14x14x512", map(14, 512), 512, square(2, 2, 0)},
    {"resnet/112x112x64-3x3-half", map(112, 64), 64, half_3x3},
    {"mnist/12x12x64-whole", map(12, 64), 64, square(12, 12, 0)},
    {"resnet/7x7x2048-whole", map(7, 2048), 2048, square(7, 7, 0)},
};

/// Sizes for element-wise kernels: activations of a digit classifier and of the largest networks.
constexpr problem maps[] = {
    {"mnist/24x24x32", map(24, 32), 32, one},
    {"vgg/224x224x64", map(224, 64), 64, one},
    {"vgg/14x14x512", map(14, 512), 512, one},
};

}  // namespace bench
