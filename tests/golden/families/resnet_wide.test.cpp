// SPDX-License-Identifier: MIT
// label: unsanitized
#include "golden/families/compare.hpp"
#include "salient/networks/resnet.hpp"

namespace salient::golden {
namespace {

TEST(resnet, wide_resnet50_2) { expect_references<networks::wide_resnet50_2, "layer2">("wide_resnet50_2"); }
TEST(resnet, resnext50_32x4d) { expect_references<networks::resnext50_32x4d, "layer2">("resnext50_32x4d"); }

}  // namespace
}  // namespace salient::golden
