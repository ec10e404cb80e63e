// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/densenet.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(densenet, densenet121) {
  expect_references<networks::densenet121, "features.denseblock2">("densenet121");
}
TEST(densenet, densenet169) {
  expect_references<networks::densenet169, "features.denseblock2">("densenet169");
}
TEST(densenet, densenet201) {
  expect_references<networks::densenet201, "features.denseblock2">("densenet201");
}

}  // namespace
}  // namespace salient::golden
