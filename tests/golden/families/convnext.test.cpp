// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/convnext.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(convnext, convnext_tiny) { expect_references<networks::convnext_tiny, "features.3">("convnext_tiny"); }

}  // namespace
}  // namespace salient::golden
