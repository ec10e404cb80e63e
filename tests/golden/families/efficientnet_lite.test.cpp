// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/efficientnet_lite.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(efficientnet_lite, efficientnet_lite0) {
  expect_references<networks::efficientnet_lite0, "_blocks.5", 64, 96>("efficientnet_lite0");
}

}  // namespace
}  // namespace salient::golden
