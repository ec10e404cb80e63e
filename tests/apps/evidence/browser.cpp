// SPDX-License-Identifier: MIT

// The page as a browser draws it.

#include <array>
#include <cstdio>

#include "made.hpp"

namespace {

std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::array<char, 4096> some{};
  for (std::size_t n; (n = fread(some.data(), 1, some.size(), pipe)) > 0;) text.append(some.data(), n);
  pclose(pipe);
  return text;
}

/// What a page says of itself in a window of this width: {"width", "across", "paper", "hint", "ruled",
/// "aligned", "text"}.
nlohmann::json seen(const workshop& here, const std::string& page, int width, bool dark) {
  // The page has no scripts; a copy gets one that tells the frame around it what it looks like. The frame may
  // be narrower than the least window of the browser.
  const std::string tell =
      "<script>parent.postMessage(JSON.stringify({width: innerWidth, across: "
      "document.documentElement.scrollWidth,"
      " paper: getComputedStyle(document.body).backgroundColor,"
      " hint: getComputedStyle(document.querySelector('.scroll')).backgroundAttachment,"
      // A later row is painted over an earlier one, so that a rule is safe at the top of a row alone.
      " ruled: [...document.querySelectorAll('.scroll td:first-child')].every(c => "
      "getComputedStyle(c).borderTopWidth == '1px'),"
      // Of columns with a figure in each row: where all of their cells begin or end.
      " aligned: [...new Set([...document.querySelectorAll('.scroll table')].filter(t => "
      "/Deletion/.test(t.tHead.innerText)).flatMap(t => "
      "[...t.querySelectorAll('td:not(:first-child)')].map(c "
      "=> getComputedStyle(c).textAlign)))].join(),"
      " text: document.body.innerText}), "
      "'*')</script>";
  std::string copy = page;
  copy.insert(copy.rfind("</body>"), tell);
  std::ofstream(here / "copy.html") << copy;
  std::ofstream(here / "frame.html")
      << "<pre id=\"heard\"></pre><script>addEventListener('message', e => document.getElementById('heard')"
         ".textContent = btoa(unescape(encodeURIComponent(e.data))))</script><iframe width=\""
      << width << "\" height=\"900\" frameborder=\"0\" src=\"copy.html\"></iframe>";
  const std::string dom = output_of(
      "timeout 100 " + installed_browser() + " --headless=new --no-sandbox --disable-gpu --user-data-dir='" +
      (here / "profile").string() + "' --blink-settings=preferredColorScheme=" + (dark ? "0" : "1") +
      " --virtual-time-budget=5000 --window-size=1400,1000 --dump-dom 'file://" +
      (here / "frame.html").string() + "' 2> /dev/null");
  const std::size_t from = dom.find("<pre id=\"heard\">") + 16, to = dom.find("</pre>", from);
  const std::string heard = output_of("echo '" + dom.substr(from, to - from) + "' | base64 -d");
  return nlohmann::json::parse(heard, nullptr, false);
}

TEST(browser, shows_the_page_at_400_and_1200_pixels_dark_and_light) {
  if (installed_browser().empty()) GTEST_SKIP() << "needs chromium or chromium-browser on the PATH";
  const workshop here;
  const written w = made(here, small);
  for (const int width : {400, 1200})
    for (const bool dark : {false, true}) {
      const nlohmann::json s = seen(here, w.page, width, dark);
      ASSERT_TRUE(s.is_object()) << "the browser did not show the page";
      EXPECT_EQ(s["width"], width);
      EXPECT_LE(s["across"], width) << "the page scrolls sideways";
      EXPECT_EQ(s["paper"], dark ? "rgb(21, 23, 28)" : "rgb(252, 252, 250)");
      // The shadows at the edges of a table stay, and the paper over them scrolls away with it.
      EXPECT_EQ(s["hint"], "local, local, scroll, scroll");
      EXPECT_EQ(s["ruled"], true);
      EXPECT_EQ(s["aligned"], "right");
      const std::string text = s["text"];
      for (const char* shown :
           {"At a glance", "Separates classes", "Grad-CAM", "What the figures cannot tell"})
        EXPECT_NE(text.find(shown), std::string::npos) << shown;
    }
}

}  // namespace
