// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/vgg.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(vgg, vgg11) { expect_references<networks::vgg11, "features.10">("vgg11"); }
TEST(vgg, vgg13) { expect_references<networks::vgg13, "features.10">("vgg13"); }
TEST(vgg, vgg16) { expect_references<networks::vgg16, "features.10">("vgg16"); }
TEST(vgg, vgg19) { expect_references<networks::vgg19, "features.10">("vgg19"); }

}  // namespace
}  // namespace salient::golden
