// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/resnet.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(resnet, resnet18) { expect_references<networks::resnet18, "layer2">("resnet18"); }
TEST(resnet, resnet34) { expect_references<networks::resnet34, "layer2">("resnet34"); }
TEST(resnet, resnet50) { expect_references<networks::resnet50, "layer2">("resnet50"); }

}  // namespace
}  // namespace salient::golden
