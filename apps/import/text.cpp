// SPDX-License-Identifier: MIT
#include "import/text.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <map>
#include <ranges>
#include <set>

#include "import/names.hpp"

namespace importer {
namespace {

constexpr std::size_t line_length = 108;

/// The parts of the layers that could have an alias, each counted once for each place in which it would stand
/// if all larger ones had theirs.
class counter {
 public:
  void visit(const text_node& n, bool alone) {
    const std::string flat = n.flat();
    const auto layers =
        std::ranges::count_if(n.arguments, [](const text_node& a) { return a.head != "identity"; });
    const bool several = n.head != "sequence<" || layers > 2;
    const bool group =
        several && (n.head == "sequence<" || n.head == "sum<" || n.head == "concat<" || n.head == "product<");
    if (group && alone && flat.size() >= 60 && flat.find("from<") == std::string::npos &&
        flat.find("\"shared") == std::string::npos) {
      auto& seen = places_[flat];
      if (seen++ == 0) order_.push_back(&n);
      if (seen > 1) return;
    }
    for (const text_node& a : n.arguments) visit(a, true);
  }
  /// From the smallest.
  std::vector<const text_node*> repeated() const {
    std::multimap<std::size_t, const text_node*> by_size;  // of the same size in the order of their places
    for (const text_node* n : order_)
      if (places_.at(n->flat()) > 1) by_size.emplace(n->flat().size(), n);
    const auto all = std::views::values(by_size);
    return {all.begin(), all.end()};
  }

 private:
  std::map<std::string, int> places_;
  std::vector<const text_node*> order_;
};

std::string name_of(const text_node& n, std::set<std::string>& taken) {
  // The last part of the path that is not a number, and the one before if that says little.
  std::string name;
  const auto parts = parts_of(n.module);
  for (std::size_t i = parts.size(); i-- > 0 && name.size() < 3;)
    if (!std::ranges::all_of(parts[i], [](char c) { return std::isdigit(static_cast<unsigned char>(c)); }))
      name = identifier_of(parts[i]) + (name.empty() ? "" : "_" + name);
  if (!name.ends_with("block")) name += name.empty() ? "block" : "_block";
  if (!is_identifier(name)) name = "block";
  std::string chosen = name;
  for (int i = 2; taken.contains(chosen); ++i) chosen = name + "_" + std::to_string(i);
  taken.insert(chosen);
  return chosen;
}

const alias* find(const std::vector<alias>& known, const std::string& flat) {
  for (const alias& a : known)
    if (a.type.flat() == flat) return &a;
  return nullptr;
}

text_node replaced(const text_node& n, const std::vector<alias>& known) {
  if (!n.arguments.empty())
    if (const alias* a = find(known, n.flat())) return {a->name, "", {}, n.module};
  text_node result = n;
  for (text_node& a : result.arguments) a = replaced(a, known);
  return result;
}

std::string broken(const text_node& n, std::size_t indent, std::size_t used) {
  const std::string flat = n.flat();
  if (used + flat.size() <= line_length || n.arguments.empty()) return flat;
  // A name stays with what it names.
  if (n.arguments.size() == 1) return n.head + broken(n.arguments[0], indent, used + n.head.size()) + n.tail;
  std::string text = n.head;
  const std::string margin = "\n" + std::string(indent + 4, ' ');
  std::string line;
  for (std::size_t i = 0; i < n.arguments.size(); ++i) {
    const bool last = i + 1 == n.arguments.size();
    const std::string argument = broken(n.arguments[i], indent + 4, indent + 4) + (last ? n.tail : ",");
    const bool fits = indent + 4 + line.size() + 1 + argument.size() <= line_length &&
                      argument.find('\n') == std::string::npos && line.find('\n') == std::string::npos;
    if (line.empty())
      line = argument;
    else if (fits)
      line += " " + argument;
    else {
      text += margin + line;
      line = argument;
    }
  }
  return text + margin + line;
}

}  // namespace

std::vector<alias> aliases_of(const std::vector<text_node>& layers) {
  counter c;
  for (const text_node& n : layers) c.visit(n, true);
  std::vector<alias> all;
  std::set<std::string> taken;
  for (const text_node* n : c.repeated()) all.push_back({name_of(*n, taken), *n});
  return all;
}

std::string print(const text_node& n, const std::vector<alias>& known, std::size_t indent, std::size_t used) {
  return broken(replaced(n, known), indent, used);
}

}  // namespace importer
