// SPDX-License-Identifier: MIT
#include "salient/networks/resnet.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(resnet, has_pytorchs_names_and_shapes) {
  expect_like_pytorch<resnet18>("resnet18");
  expect_like_pytorch<resnet34>("resnet34");
  expect_like_pytorch<resnet50>("resnet50");
  expect_like_pytorch<resnet101>("resnet101");
  expect_like_pytorch<resnet152>("resnet152");
  expect_like_pytorch<wide_resnet50_2>("wide_resnet50_2");
  expect_like_pytorch<resnext50_32x4d>("resnext50_32x4d");
}

}  // namespace
}  // namespace salient::networks
