// SPDX-License-Identifier: MIT
#include "salient/networks/mobilenet_v2.hpp"

#include <gtest/gtest.h>

#include "networks/names.hpp"

namespace salient::networks {
namespace {

TEST(mobilenet_v2, has_pytorchs_names_and_shapes) { expect_like_pytorch<mobilenet_v2>("mobilenet_v2"); }

}  // namespace
}  // namespace salient::networks
