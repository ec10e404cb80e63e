// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/regnet.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(regnet, regnet_x_400mf) {
  expect_references<networks::regnet_x_400mf, "trunk_output.block2">("regnet_x_400mf");
}
TEST(regnet, regnet_y_400mf) {
  expect_references<networks::regnet_y_400mf, "trunk_output.block2">("regnet_y_400mf");
}

}  // namespace
}  // namespace salient::golden
