// SPDX-License-Identifier: MIT
#include "salient/networks/squeezenet.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(squeezenet, has_pytorchs_names_and_shapes) {
  expect_like_pytorch<squeezenet1_0>("squeezenet1_0");
  expect_like_pytorch<squeezenet1_1>("squeezenet1_1");
}

}  // namespace
}  // namespace salient::networks
