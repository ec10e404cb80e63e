// SPDX-License-Identifier: MIT
#include "salient/networks/convnext.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(convnext, has_pytorchs_names_and_shapes) { expect_like_pytorch<convnext_tiny>("convnext_tiny"); }

}  // namespace
}  // namespace salient::networks
