// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <vector>

namespace salient::laws {

inline std::size_t count(const std::string& in, const std::string& what) {
  std::size_t result = 0;
  for (std::size_t at = 0; (at = in.find(what, at)) != std::string::npos; at += what.size()) ++result;
  return result;
}

/// The first error in the page's markup, or nothing. Tags must be closed in order, attributes quoted and not
/// repeated, ids unique, ampersands escaped.
inline std::string flaw(const std::string& page) {
  static const std::set<std::string> empty{"meta", "img"};
  std::vector<std::string> open;
  std::set<std::string> ids;
  for (std::size_t at = 0; (at = page.find('<', at)) != std::string::npos;) {
    const std::size_t end = page.find('>', at);
    if (end == std::string::npos) return "a tag without an end";
    std::string tag = page.substr(at + 1, end - at - 1);
    at = end + 1;
    if (tag == "!DOCTYPE html") continue;
    if (tag.find('<') != std::string::npos) return "a < inside <" + tag;
    if (count(tag, "\"") % 2 != 0) return "an open quote in <" + tag;
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return "<" + tag + "> closes nothing";
      open.pop_back();
      continue;
    }
    const std::string name = tag.substr(0, tag.find(' '));
    if (const auto id = tag.find(" id=\""); id != std::string::npos)
      if (!ids.insert(tag.substr(id + 5, tag.find('"', id + 5) - id - 5)).second) return "an id twice";
    if (!empty.contains(name)) open.push_back(name);
    if (name == "style") at = page.find("</style>", at);
  }
  if (!open.empty()) return "<" + open.back() + "> is never closed";
  for (std::size_t at = page.find("</style>"); (at = page.find('&', at)) != std::string::npos; ++at) {
    const std::string reference = page.substr(at, page.find(';', at) - at);
    if (!std::set<std::string>{"&amp", "&lt", "&gt", "&quot", "&#39"}.contains(reference)) return "a bare &";
  }
  return "";
}

}  // namespace salient::laws
