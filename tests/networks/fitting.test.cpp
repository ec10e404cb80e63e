// SPDX-License-Identifier: MIT
#include "salient/core/fitting.hpp"

#include <gtest/gtest.h>

#include "salient/networks/alexnet.hpp"
#include "salient/networks/cifar_resnet.hpp"
#include "salient/networks/convnext.hpp"
#include "salient/networks/efficientnet.hpp"
#include "salient/networks/inception_v3.hpp"

namespace salient::networks {
namespace {

constexpr fitting bicubic(int resize) { return {.resize = resize, .filter = filter::bicubic}; }

// What transforms() of torchvision 0.29's IMAGENET1K_V1 weights state.
static_assert(alexnet::input.applied.fit == fitting{.resize = 256});
static_assert(inception_v3::input.applied.fit == fitting{.resize = 342});
static_assert(convnext_tiny::input.applied.fit == fitting{.resize = 236});
static_assert(efficientnet_b0::input.applied.fit == bicubic(256));
static_assert(efficientnet_b1::input.applied.fit == bicubic(256));
static_assert(efficientnet_b2::input.applied.fit == bicubic(288));
static_assert(efficientnet_b3::input.applied.fit == bicubic(320));
static_assert(efficientnet_b4::input.applied.fit == bicubic(384));
static_assert(efficientnet_b7::input.applied.fit == bicubic(600));
// CIFAR's images have the network's size.
static_assert(resnet20::input.applied.fit == fitting{.resize = 32});

TEST(fitting, is_declared_by_networks) {}  // all is checked at compile time

}  // namespace
}  // namespace salient::networks
