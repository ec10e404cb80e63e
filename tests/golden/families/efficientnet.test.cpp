// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/efficientnet.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(efficientnet, efficientnet_b0) {
  expect_references<networks::efficientnet_b0, "features.4">("efficientnet_b0");
}
TEST(efficientnet, efficientnet_b1) {
  expect_references<networks::efficientnet_b1, "features.4">("efficientnet_b1");
}
TEST(efficientnet, efficientnet_b2) {
  expect_references<networks::efficientnet_b2, "features.4">("efficientnet_b2");
}
TEST(efficientnet, efficientnet_b3) {
  expect_references<networks::efficientnet_b3, "features.4">("efficientnet_b3");
}

}  // namespace
}  // namespace salient::golden
