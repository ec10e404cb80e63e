// SPDX-License-Identifier: MIT
// label: unsanitized
#include "golden/families/compare.hpp"
#include "salient/networks/vgg.hpp"

namespace salient::golden {
namespace {

TEST(vgg, vgg11_bn) { expect_references<networks::vgg11_bn, "features.10">("vgg11_bn"); }
TEST(vgg, vgg13_bn) { expect_references<networks::vgg13_bn, "features.10">("vgg13_bn"); }
TEST(vgg, vgg16_bn) { expect_references<networks::vgg16_bn, "features.10">("vgg16_bn"); }
TEST(vgg, vgg19_bn) { expect_references<networks::vgg19_bn, "features.10">("vgg19_bn"); }

}  // namespace
}  // namespace salient::golden
