// SPDX-License-Identifier: MIT
// label: unsanitized
#include "golden/families/compare.hpp"
#include "salient/networks/resnet.hpp"

namespace salient::golden {
namespace {

TEST(resnet, resnet101) { expect_references<networks::resnet101, "layer2">("resnet101"); }
TEST(resnet, resnet152) { expect_references<networks::resnet152, "layer2">("resnet152"); }

}  // namespace
}  // namespace salient::golden
