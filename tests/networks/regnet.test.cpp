// SPDX-License-Identifier: MIT
#include "salient/networks/regnet.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(regnet, has_pytorchs_names_and_shapes) {
  expect_like_pytorch<regnet_x_400mf>("regnet_x_400mf");
  expect_like_pytorch<regnet_y_400mf>("regnet_y_400mf");
}

}  // namespace
}  // namespace salient::networks
