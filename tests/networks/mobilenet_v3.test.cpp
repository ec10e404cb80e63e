// SPDX-License-Identifier: MIT
#include "salient/networks/mobilenet_v3.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(mobilenet_v3, has_pytorchs_names_and_shapes) {
  expect_like_pytorch<mobilenet_v3_small>("mobilenet_v3_small");
  expect_like_pytorch<mobilenet_v3_large>("mobilenet_v3_large");
}

}  // namespace
}  // namespace salient::networks
