// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/googlenet.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(googlenet, googlenet) { expect_references<networks::googlenet, "inception4c">("googlenet"); }

}  // namespace
}  // namespace salient::golden
