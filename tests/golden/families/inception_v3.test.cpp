// SPDX-License-Identifier: MIT
// label: unsanitized
#include "salient/networks/inception_v3.hpp"

#include "golden/families/compare.hpp"

namespace salient::golden {
namespace {

TEST(inception_v3, inception_v3) {
  expect_references<networks::inception_v3, "Mixed_6b", 96, 112>("inception_v3");
}

}  // namespace
}  // namespace salient::golden
