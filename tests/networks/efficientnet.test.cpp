// SPDX-License-Identifier: MIT
#include "salient/networks/efficientnet.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(efficientnet, has_pytorchs_names_and_shapes) {
  expect_like_pytorch<efficientnet_b0>("efficientnet_b0");
  expect_like_pytorch<efficientnet_b1>("efficientnet_b1");
  expect_like_pytorch<efficientnet_b2>("efficientnet_b2");
  expect_like_pytorch<efficientnet_b3>("efficientnet_b3");
  expect_like_pytorch<efficientnet_b4>("efficientnet_b4");
  expect_like_pytorch<efficientnet_b5>("efficientnet_b5");
  expect_like_pytorch<efficientnet_b6>("efficientnet_b6");
  expect_like_pytorch<efficientnet_b7>("efficientnet_b7");
}

}  // namespace
}  // namespace salient::networks
