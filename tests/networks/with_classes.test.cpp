// SPDX-License-Identifier: MIT
#include "salient/networks/with_classes.hpp"

#include <type_traits>

#include <gtest/gtest.h>

#include "networks/names.hpp"
#include "salient/layer/softmax.hpp"
#include "salient/networks/convnext.hpp"
#include "salient/networks/efficientnet_lite.hpp"
#include "salient/networks/mobilenet_v3.hpp"
#include "salient/networks/resnet.hpp"
#include "salient/networks/squeezenet.hpp"
#include "salient/networks/vgg.hpp"

namespace salient::networks {
namespace {

TEST(with_classes, is_like_pytorchs_num_classes) {
  expect_like_pytorch<with_classes<resnet18, 7>>("resnet18_of_7_classes");
  expect_like_pytorch<with_classes<vgg11, 7>>("vgg11_of_7_classes");
  expect_like_pytorch<with_classes<squeezenet1_1, 7>>("squeezenet1_1_of_7_classes");
  expect_like_pytorch<with_classes<mobilenet_v3_small, 7>>("mobilenet_v3_small_of_7_classes");
  expect_like_pytorch<with_classes<convnext_tiny, 7>>("convnext_tiny_of_7_classes");
  expect_like_pytorch<with_classes<efficientnet_lite0, 7>>("efficientnet_lite0_of_7_classes");
}

// Layers without parameters stay behind the last dense layer; other layers keep their sizes.
using small = network<input<8, 8, 3>, conv2d<4, 3>, relu, flatten, dense<9>, relu, dense<5, false>, softmax>;
static_assert(std::is_same_v<with_classes<small, 3>, network<input<8, 8, 3>, conv2d<4, 3>, relu, flatten,
                                                             dense<9>, relu, dense<3, false>, softmax>>);

static_assert(resized<resnet18, 96, 64>::parameters == resnet18::parameters);
static_assert(resized<resnet18, 96, 64>::extent(resnet18::find("layer4")) == shape{3, 2, 512});
static_assert(resized<resnet18, 96>::input_preprocessing.mean == resnet18::input_preprocessing.mean);
static_assert(resized<resnet18, 112>::input_preprocessing.fit == fitting{.resize = 128});
static_assert(resized<efficientnet_lite0, 112>::input_preprocessing.fit ==
              fitting{.resize = 128, .filter = filter::bicubic, .crop_first = true});

}  // namespace
}  // namespace salient::networks
