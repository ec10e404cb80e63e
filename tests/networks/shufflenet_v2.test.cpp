// SPDX-License-Identifier: MIT
#include "salient/networks/shufflenet_v2.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(shufflenet_v2, has_pytorchs_names_and_shapes) {
  expect_like_pytorch<shufflenet_v2_x1_0>("shufflenet_v2_x1_0");
}

}  // namespace
}  // namespace salient::networks
