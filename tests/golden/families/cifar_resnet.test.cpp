// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/cifar_resnet.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(cifar_resnet, resnet20) { expect_references<networks::resnet20, "layer2", 32, 32>("resnet20"); }
TEST(cifar_resnet, resnet32) { expect_references<networks::resnet32, "layer2", 32, 32>("resnet32"); }
TEST(cifar_resnet, resnet44) { expect_references<networks::resnet44, "layer2", 32, 32>("resnet44"); }
TEST(cifar_resnet, resnet56) { expect_references<networks::resnet56, "layer2", 32, 32>("resnet56"); }

}  // namespace
}  // namespace salient::golden
