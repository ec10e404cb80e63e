// SPDX-License-Identifier: MIT
#include "salient/networks/vgg.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(vgg, has_pytorchs_names_and_shapes) {
  expect_like_pytorch<vgg11>("vgg11");
  expect_like_pytorch<vgg13>("vgg13");
  expect_like_pytorch<vgg16>("vgg16");
  expect_like_pytorch<vgg19>("vgg19");
  expect_like_pytorch<vgg11_bn>("vgg11_bn");
  expect_like_pytorch<vgg13_bn>("vgg13_bn");
  expect_like_pytorch<vgg16_bn>("vgg16_bn");
  expect_like_pytorch<vgg19_bn>("vgg19_bn");
}

}  // namespace
}  // namespace salient::networks
