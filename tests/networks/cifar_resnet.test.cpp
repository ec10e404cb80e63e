// SPDX-License-Identifier: MIT
#include "salient/networks/cifar_resnet.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(cifar_resnet, has_pytorchs_names_and_shapes) {
  expect_like_pytorch<resnet20>("resnet20");
  expect_like_pytorch<resnet32>("resnet32");
  expect_like_pytorch<resnet44>("resnet44");
  expect_like_pytorch<resnet56>("resnet56");
}

}  // namespace
}  // namespace salient::networks
