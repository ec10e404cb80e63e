// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/mobilenet_v2.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(mobilenet_v2, mobilenet_v2) { expect_references<networks::mobilenet_v2, "features.5">("mobilenet_v2"); }

}  // namespace
}  // namespace salient::golden
