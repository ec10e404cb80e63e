// SPDX-License-Identifier: MIT
#include "salient/networks/efficientnet_lite.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(efficientnet_lite, has_pytorchs_names_and_shapes) {
  expect_like_pytorch<efficientnet_lite0>("efficientnet_lite0");
}

}  // namespace
}  // namespace salient::networks
