// SPDX-License-Identifier: MIT
#include "salient/networks/mnasnet.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(mnasnet, has_pytorchs_names_and_shapes) { expect_like_pytorch<mnasnet1_0>("mnasnet1_0"); }

}  // namespace
}  // namespace salient::networks
