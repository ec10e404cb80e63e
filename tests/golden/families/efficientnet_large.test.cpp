// SPDX-License-Identifier: MIT
// label: unsanitized
#include "golden/families/compare.hpp"
#include "salient/networks/efficientnet.hpp"

namespace salient::golden {
namespace {

TEST(efficientnet, efficientnet_b4) {
  expect_references<networks::efficientnet_b4, "features.4">("efficientnet_b4");
}
TEST(efficientnet, efficientnet_b5) {
  expect_references<networks::efficientnet_b5, "features.4">("efficientnet_b5");
}
TEST(efficientnet, efficientnet_b6) {
  expect_references<networks::efficientnet_b6, "features.4">("efficientnet_b6");
}
TEST(efficientnet, efficientnet_b7) {
  expect_references<networks::efficientnet_b7, "features.4">("efficientnet_b7");
}

}  // namespace
}  // namespace salient::golden
