// SPDX-License-Identifier: MIT
#include "salient/explainer/numbers.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "common/namespace.hpp"

namespace apps {
namespace {

TEST(to_number, takes_decimal_numbers) {
  for (const auto& [text, value] : {std::pair("0", 0.0F),
                                    {"-1.5", -1.5F},
                                    {".25", 0.25F},
                                    {"1e-3", 1e-3F},
                                    {"3.4028235e38", std::numeric_limits<float>::max()},
                                    {"1e-40", 1e-40F}}) {
    const auto got = to_number(text);
    ASSERT_TRUE(got) << text;
    EXPECT_EQ(*got, value) << text;
  }
  EXPECT_TRUE(to_number("inf") && std::isinf(*to_number("inf")));
  EXPECT_TRUE(to_number("nan") && std::isnan(*to_number("nan")));
}

TEST(to_number, takes_nothing_else) {
  for (const char* text : {"", " ", " 1", "1 ", "+1", "0x10", "0X1p3", "-0x1", "1,5", "1.5.2", "1e", "one",
                           "--1", "1e39", "-1e39", "1e-60"})
    EXPECT_FALSE(to_number(text)) << '"' << text << '"';
  EXPECT_FALSE(to_number(std::string("1\0002", 3)));
}

}  // namespace
}  // namespace apps
