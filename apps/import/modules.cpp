// SPDX-License-Identifier: MIT

// Groups layers into modules by their paths.

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>

#include "import/names.hpp"
#include "import/paths.hpp"
#include "import/text.hpp"

namespace importer {

std::string text_node::flat() const {
  std::string text = head;
  for (std::size_t i = 0; i < arguments.size(); ++i) text += (i > 0 ? ", " : "") + arguments[i].flat();
  return text + tail;
}

namespace {

using path = std::vector<std::string>;

bool starts_with(const path& p, const path& prefix) {
  return p.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), p.begin());
}

std::string text_of(const path& p) {
  std::string text;
  for (const std::string& part : p) text += (text.empty() ? "" : ".") + part;
  return text;
}

class grouper {
 public:
  grouper(const network& n, const std::vector<int>& reads) : net_(n) {
    for (const int a : reads)
      if (a > 0) named_[a] = {};
  }

  /// The children of a module, or of a branch of a join.
  std::vector<text_node> sequence(const std::vector<item>& items, const path& inside, bool numbered) {
    std::vector<text_node> nodes;
    std::set<std::string>& used = used_[text_of(inside)];
    for (std::size_t i = 0; i < items.size();) {
      const std::optional<std::string> head = module_at(items, i, inside);
      std::size_t end = i + 1;
      if (head)
        while (end < items.size() && belongs(items, end, inside, *head)) ++end;
      path deeper = inside;
      if (head) deeper.push_back(*head);
      // A module whose layers stand in several places is named in one of them only.
      const bool opens = head && !used.contains(*head);
      if (numbered) fill_up(nodes, opens ? number_of(*head) : own_number(items[i], inside));
      if (!opens) {
        for (text_node& n : one(items[i], inside)) nodes.push_back(std::move(n));
        ++i;
        continue;
      }
      used.insert(*head);
      const std::vector<item> part(items.begin() + static_cast<std::ptrdiff_t>(i),
                                   items.begin() + static_cast<std::ptrdiff_t>(end));
      nodes.push_back(module(part, deeper, *head, numbered));
      i = end;
    }
    if (numbered) find_ambiguous(nodes, inside);
    return nodes;
  }

  /// The modules whose paths stand for one activation.
  std::vector<named_activation> unambiguous() const {
    std::vector<named_activation> found;
    for (const named_activation& m : modules_)
      if (std::ranges::none_of(ambiguous_, [&](const path& a) { return starts_with(parts_of(m.path), a); }))
        found.push_back(m);
    return found;
  }

 private:
  static std::optional<std::size_t> number_of(const std::string& part) {
    const bool digits = !part.empty() && part.size() < 5 &&
                        std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    return digits ? std::optional<std::size_t>(std::stoul(part)) : std::nullopt;
  }

  /// The number of a layer that is itself a child of this module, as in nn.Sequential.
  std::optional<std::size_t> own_number(const item& i, const path& inside) const {
    if (i.what != item::kind::layer) return {};
    const path own = parts_of(net_.rows[static_cast<std::size_t>(i.activation) - 1].path);
    if (own.size() != inside.size() + 1 || !starts_with(own, inside)) return {};
    return number_of(own.back());
  }

  /// Layers without a name are numbered by their place. What was folded into others leaves a gap, so that the
  /// next child has its number.
  static void fill_up(std::vector<text_node>& nodes, std::optional<std::size_t> to) {
    constexpr std::size_t longest = 8;
    if (!to || *to > nodes.size() + longest) return;
    while (nodes.size() < *to) nodes.push_back({"identity", "", {}, ""});
  }

  /// A child without a name has its place as number, which may be another child's name.
  void find_ambiguous(const std::vector<text_node>& nodes, const path& inside) {
    const auto name_of = [](const text_node& n) {
      constexpr std::size_t quoted = 7;  // named<"
      return n.head.starts_with("named<\"")
                 ? n.head.substr(quoted, n.head.find_first_of("\".", quoted) - quoted)
                 : std::string();
    };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!name_of(nodes[i]).empty()) continue;
      const std::string number = std::to_string(i);
      if (std::ranges::none_of(nodes, [&](const text_node& n) { return name_of(n) == number; })) continue;
      ambiguous_.push_back(inside);
      ambiguous_.back().push_back(number);
    }
  }

  /// named<"head", ...>; "a.b" where module a has nothing but b.
  text_node module(const std::vector<item>& items, const path& inside, const std::string& head,
                   bool numbered) {
    std::vector<text_node> inner = sequence(items, inside, true);
    if (inner.size() == 1 && inner[0].head.starts_with("named<\"")) {
      text_node only = std::move(inner[0]);
      only.head.insert(7, head + ".");
      return only;
    }
    // In a join a branch without a name may have the same number.
    if (numbered || !number_of(head)) modules_.push_back({text_of(inside), items.back().activation});
    text_node body{"sequence<", ">", std::move(inner), text_of(inside)};
    if (body.arguments.size() == 1) body = text_node(body.arguments[0]);
    return {"named<\"" + head + "\", ", ">", {std::move(body)}, text_of(inside)};
  }

  std::vector<text_node> one(const item& i, const path& inside) {
    if (i.what == item::kind::from)
      return {{"from<\"" + (i.activation == 0 ? "input" : named_.at(i.activation)) + "\">",
               "",
               {},
               text_of(inside)}};
    const row& r = net_.rows[static_cast<std::size_t>(i.activation) - 1];
    text_node node{importer::text_of(r), "", {}, text_of(inside)};
    if (i.what == item::kind::join) {
      node.head += "<";
      node.tail = ">";
      for (const auto& b : i.branches) node.arguments.push_back(branch(b, inside));
    }
    std::string name;
    if (has_parameters(r)) {
      const path full = parts_of(r.path);
      name = text_of(starts_with(full, inside)
                         ? path(full.begin() + static_cast<std::ptrdiff_t>(inside.size()), full.end())
                         : full);
    }
    const auto at = named_.find(i.activation);
    const bool read = at != named_.end(), gets_name = read && name.empty();
    if (gets_name) name = "shared" + std::to_string(++shared_);
    if (read) at->second = (inside.empty() ? "" : text_of(inside) + ".") + name;
    if (name.empty()) return {node};
    // Names in a named join would be below its name, so what is named is what follows it.
    if (i.what == item::kind::join)
      return {node, {"named<\"" + name + "\", identity>", "", {}, text_of(inside)}};
    node.head = "named<\"" + name + "\", " + node.head;
    node.tail += ">";
    return {node};
  }

  text_node branch(const std::vector<item>& items, const path& inside) {
    if (items.empty()) return {"identity", "", {}, text_of(inside)};
    std::vector<text_node> nodes = sequence(items, inside, false);
    if (nodes.size() == 1) return nodes[0];
    return {"sequence<", ">", std::move(nodes), text_of(inside)};
  }

  /// The longest module that all layers with parameters of the item are in; nothing if it has none.
  std::optional<path> common(const item& i) const {
    std::optional<path> all;
    const auto meet = [&](const path& p) {
      if (!all) {
        all = p;
        return;
      }
      std::size_t n = 0;
      while (n < all->size() && n < p.size() && (*all)[n] == p[n]) ++n;
      all->resize(n);
    };
    if (i.what == item::kind::layer) {
      const row& r = net_.rows[static_cast<std::size_t>(i.activation) - 1];
      if (!has_parameters(r)) return {};
      path p = parts_of(r.path);
      p.pop_back();
      return p;
    }
    for (const auto& b : i.branches)
      for (const item& inner : b)
        if (const auto p = common(inner)) meet(*p);
    // A join stands in the module that joins, which may be around the one that has all its layers.
    const path own = parts_of(net_.rows[static_cast<std::size_t>(i.activation) - 1].path);
    if (all && !own.empty() && starts_with(*all, own)) all = own;
    return all;
  }

  /// The next module below `inside` that the item with parameters at i is in.
  std::optional<std::string> module_at(const std::vector<item>& items, std::size_t i,
                                       const path& inside) const {
    const auto p = common(items[i]);
    if (!p || p->size() <= inside.size() || !starts_with(*p, inside)) return {};
    return (*p)[inside.size()];
  }

  /// Whether the item goes on with the module: it is in it, or stands between layers that are, or its own
  /// path, or what follows a module's last layer is said to be in it.
  bool belongs(const std::vector<item>& items, std::size_t i, const path& inside,
               const std::string& head) const {
    path module = inside;
    module.push_back(head);
    for (std::size_t k = i; k < items.size(); ++k) {
      if (items[k].what == item::kind::from) return false;
      const row& r = net_.rows[static_cast<std::size_t>(items[k].activation) - 1];
      if (const auto p = common(items[k])) return starts_with(*p, module);
      const path own = parts_of(r.path);
      if (!own.empty()) return starts_with(own, module);
    }
    return false;
  }

  const network& net_;
  std::map<int, std::string> named_;
  std::map<std::string, std::set<std::string>> used_;
  std::vector<named_activation> modules_;
  std::vector<path> ambiguous_;
  int shared_ = 0;
};

}  // namespace

layout lay_out(const network& n) {
  const std::vector<item> items = nest(n);
  grouper g(n, read_by_from(items));
  layout result;
  result.layers = g.sequence(items, {}, true);
  result.modules = g.unambiguous();
  return result;
}

}  // namespace importer
