// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/alexnet.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(alexnet, alexnet) { expect_references<networks::alexnet, "features.8">("alexnet"); }

}  // namespace
}  // namespace salient::golden
