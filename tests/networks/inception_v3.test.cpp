// SPDX-License-Identifier: MIT
#include "salient/networks/inception_v3.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(inception_v3, has_pytorchs_names_and_shapes) { expect_like_pytorch<inception_v3>("inception_v3"); }

}  // namespace
}  // namespace salient::networks
