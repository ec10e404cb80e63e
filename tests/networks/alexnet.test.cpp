// SPDX-License-Identifier: MIT
#include "salient/networks/alexnet.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(alexnet, has_pytorchs_names_and_shapes) { expect_like_pytorch<alexnet>("alexnet"); }

}  // namespace
}  // namespace salient::networks
