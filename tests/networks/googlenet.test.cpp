// SPDX-License-Identifier: MIT
#include "salient/networks/googlenet.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(googlenet, has_pytorchs_names_and_shapes) { expect_like_pytorch<googlenet>("googlenet"); }

}  // namespace
}  // namespace salient::networks
