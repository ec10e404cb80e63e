// SPDX-License-Identifier: MIT
#include "salient/core/fixed_string.hpp"

#include <gtest/gtest.h>

namespace salient {
namespace {

TEST(fixed_string, is_numbered) {
  EXPECT_EQ((numbered<"denselayer", 12>().view()), "denselayer12");
  EXPECT_EQ((numbered<"block1-", 0>().view()), "block1-0");
  EXPECT_EQ((numbered<"", 2'147'483'647>().view()), "2147483647");
  EXPECT_EQ((numbered<"a", 9>().view()), "a9");
  EXPECT_EQ((numbered<"a", 10>().view()), "a10");
}

}  // namespace
}  // namespace salient
