// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/squeezenet.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(squeezenet, squeezenet1_0) { expect_references<networks::squeezenet1_0, "features.7">("squeezenet1_0"); }
TEST(squeezenet, squeezenet1_1) { expect_references<networks::squeezenet1_1, "features.7">("squeezenet1_1"); }

}  // namespace
}  // namespace salient::golden
