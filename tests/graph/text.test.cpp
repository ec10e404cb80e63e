// SPDX-License-Identifier: MIT
#include "salient/graph/text.hpp"

#include <climits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace salient {
namespace {

constexpr text sentence() {
  text t;
  t << "got " << shape{4, 30, 100} << " at " << 0 << ", " << -17 << ", " << INT_MAX;
  return t;
}

TEST(text, is_composed_while_compiling) {
  constexpr text t = sentence();
  static_assert(t.view() == "got 4x30x100 at 0, -17, 2147483647");
}

TEST(text, is_cut_at_its_capacity) {
  text t;
  for (int i = 0; i < 100; ++i) t << "abc";
  EXPECT_EQ(t.view().size(), text::capacity - 1);
  EXPECT_EQ(t.characters[text::capacity - 1], '\0');
  EXPECT_EQ(t.view().substr(0, 6), "abcabc");
}

/// The text as a compiler shows it, without trailing spaces.
std::string shown(const text& t) {
  const message m(t);
  std::string all;
#ifdef __clang__
  for (const char* line : m.lines) all += line;
#else
  all = m.view();
#endif
  return all.substr(0, all.find_last_not_of(' ') + 1);
}

TEST(text, is_shown_whole) {
  EXPECT_EQ(shown(sentence()), sentence().view());
  text longest;
  while (longest.view().size() < text::capacity - 1) longest << static_cast<int>(longest.view().size() % 10);
  EXPECT_EQ(shown(longest), longest.view());
}

}  // namespace
}  // namespace salient
