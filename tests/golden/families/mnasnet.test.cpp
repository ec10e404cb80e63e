// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/mnasnet.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(mnasnet, mnasnet1_0) { expect_references<networks::mnasnet1_0, "layers.10">("mnasnet1_0"); }

}  // namespace
}  // namespace salient::golden
