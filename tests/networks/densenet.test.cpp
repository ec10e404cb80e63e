// SPDX-License-Identifier: MIT
#include "salient/networks/densenet.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(densenet, has_pytorchs_names_and_shapes) {
  expect_like_pytorch<densenet121>("densenet121");
  expect_like_pytorch<densenet169>("densenet169");
  expect_like_pytorch<densenet201>("densenet201");
}

}  // namespace
}  // namespace salient::networks
