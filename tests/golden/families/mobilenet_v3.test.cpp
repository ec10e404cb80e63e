// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/mobilenet_v3.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(mobilenet_v3, mobilenet_v3_small) {
  expect_references<networks::mobilenet_v3_small, "features.5">("mobilenet_v3_small");
}
TEST(mobilenet_v3, mobilenet_v3_large) {
  expect_references<networks::mobilenet_v3_large, "features.5">("mobilenet_v3_large");
}

}  // namespace
}  // namespace salient::golden
