// SPDX-License-Identifier: MIT
#include "import/paths.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "import/names.hpp"

namespace importer {

bool has_parameters(const row& r) {
  switch (r.kind) {
    case row_kind::plain:
      return bool(r.weight);
    case row_kind::layer_norm:
      return r.weight || r.bias;
    case row_kind::sum:
    case row_kind::product:
    case row_kind::concat:
      return false;
    default:
      return true;
  }
}

namespace {

std::string usual_name(const row& r) {
  switch (r.kind) {
    case row_kind::convolution:
      return "conv";
    case row_kind::dense:
    case row_kind::pointwise:
      return "fc";
    case row_kind::batch_norm:
      return "bn";
    case row_kind::layer_norm:
      return "norm";
    case row_kind::affine:
      return r.bias ? "affine" : "scale";
    default:
      return "prelu";
  }
}

void remove_wrapping_module(network& n) {
  std::string head;
  for (const row& r : n.rows) {
    const auto parts = parts_of(r.path);
    if (parts.empty()) continue;
    if (parts.size() == 1 && has_parameters(r)) return;  // a layer, which keeps its name
    if (head.empty()) head = parts[0];
    if (parts[0] != head) return;
  }
  if (head.empty()) return;
  for (row& r : n.rows) r.path = r.path.size() > head.size() ? r.path.substr(head.size() + 1) : "";
}

}  // namespace

void assign_paths(network& n) {
  remove_wrapping_module(n);
  std::map<std::string, int> unnamed;
  for (row& r : n.rows) {
    if (!has_parameters(r)) continue;
    // A product or sum with constants stands in a module, and is none.
    if (r.kind == row_kind::affine && !r.path.empty()) r.path += "." + usual_name(r);
    if (r.path.empty()) r.path = usual_name(r) + std::to_string(++unnamed[usual_name(r)]);
  }
  std::set<std::string> modules;
  for (const row& r : n.rows)
    if (has_parameters(r))
      for (std::size_t dot = r.path.find('.'); dot != std::string::npos; dot = r.path.find('.', dot + 1))
        modules.insert(r.path.substr(0, dot));
  std::set<std::string> taken;
  for (row& r : n.rows) {
    if (!has_parameters(r)) continue;
    std::string path = r.path;
    if (modules.contains(path)) path += "." + usual_name(r);
    for (int i = 2; taken.contains(path) || modules.contains(path); ++i)
      path = r.path + "_" + std::to_string(i);
    taken.insert(path);
    r.path = path;
  }
}

}  // namespace importer
