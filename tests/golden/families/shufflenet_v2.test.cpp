// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/shufflenet_v2.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(shufflenet_v2, shufflenet_v2_x1_0) {
  expect_references<networks::shufflenet_v2_x1_0, "stage3">("shufflenet_v2_x1_0");
}

}  // namespace
}  // namespace salient::golden
