// SPDX-License-Identifier: MIT
#include "salient/view/html.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace salient {
namespace {

TEST(html, escapes) {
  struct row {
    std::string text, expected;
  };
  const std::string unknown = "\xEF\xBF\xBD";
  for (const auto& [text, expected] : std::vector<row>{
           {"", ""},
           {"plain, 12 %", "plain, 12 %"},
           {"a < b && c > \"d\"", "a &lt; b &amp;&amp; c &gt; &quot;d&quot;"},
           {"it's", "it&#39;s"},
           {"&amp;", "&amp;amp;"},
           {"</script><script>alert(1)", "&lt;/script&gt;&lt;script&gt;alert(1)"},
           {"tab\tline\nend", "tab\tline\nend"},
           {std::string("nul\0bell\a\x1B[0m\x7F\r", 15), "nulbell[0m"},
           {"\xC3\xA9 \xE2\x88\x82z \xF0\x9F\x99\x82", "\xC3\xA9 \xE2\x88\x82z \xF0\x9F\x99\x82"},
           {"\xC2\x85", ""},                                                // a C1 control
           {"\xFF", unknown},                                               // never a lead byte
           {"\x80", unknown},                                               // a stray continuation
           {"\xC3", unknown},                                               // cut short
           {"\xE2\x88<", unknown + unknown + "&lt;"},                       // cut short by a tag
           {"\xC0\xBC", unknown + unknown},                                 // an overlong '<'
           {"\xE0\x80\xBC", unknown + unknown + unknown},                   // a longer one
           {"\xED\xA0\x80", unknown + unknown + unknown},                   // a surrogate
           {"\xF4\x90\x80\x80", unknown + unknown + unknown + unknown}}) {  // above U+10FFFF
    EXPECT_EQ(escape_html(text), expected);
  }
}

TEST(html, any_bytes_become_harmless_utf8) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::string text(64, '\0');
    for (char& c : text) c = static_cast<char>(random() & 255U);
    const std::string once = escape_html(text);
    EXPECT_EQ(once.find_first_of("<>\"'"), std::string::npos);
    // Valid UTF-8 is unchanged: escaping again changes only the ampersands.
    std::string marked;
    for (const char c : once) marked += c == '&' ? std::string("&amp;") : std::string(1, c);
    EXPECT_EQ(escape_html(once), marked);
  }
}

TEST(html, base64_of_rfc_4648) {
  struct row {
    std::string text, expected;
  };
  for (const auto& [text, expected] : std::vector<row>{{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"},
                                                       {"\xFB\xFF\xFE", "+//+"}}) {
    EXPECT_EQ(base64(std::vector<std::uint8_t>(text.begin(), text.end())), expected) << text;
  }
}

}  // namespace
}  // namespace salient
