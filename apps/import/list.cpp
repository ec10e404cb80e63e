// SPDX-License-Identifier: MIT
#include "import/list.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <map>

namespace importer {
namespace {

std::string padded(std::string text, std::size_t width) {
  for (char& c : text)
    if (std::iscntrl(static_cast<unsigned char>(c))) c = '?';
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::string shape_of(const salient::onnx::graph& g, const std::string& name) {
  const auto at = g.values.find(name);
  if (at != g.values.end() && at->second.dimensions) return text_of(*at->second.dimensions);
  for (const auto& list : {g.inputs, g.outputs})
    for (const auto& v : list)
      if (v.name == name && v.dimensions) return text_of(*v.dimensions);
  return "";
}

/// As the file states it, or as it follows from the input's.
std::string shape_of(const salient::onnx::graph& g, const network& n, const std::string& name) {
  const std::string stated = shape_of(g, name);
  const auto derived = n.shapes.find(name);
  if (!stated.empty() || derived == n.shapes.end()) return stated;
  return text_of(derived->second) + (n.any_batch ? " derived for 1 image" : " derived");
}

std::string shape_text(salient::shape s) {
  return std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + std::to_string(s.channels);
}

}  // namespace

std::string description_of(const salient::onnx::model& m, const network& n) {
  const salient::onnx::graph& g = m.graph;
  std::string text = "ONNX IR " + std::to_string(m.ir_version);
  for (const auto& [domain, version] : m.opsets)
    text += ", " + (domain.empty() ? "opset" : domain) + " " + std::to_string(version);
  if (!m.producer.empty()) text += ", by " + m.producer + " " + m.producer_version;
  text += "\n\n";
  for (const auto& v : g.inputs) text += padded("input", 8) + padded(v.name, 30) + shape_of(g, v.name) + "\n";
  for (const auto& v : g.outputs)
    text += padded("output", 8) + padded(v.name, 30) + shape_of(g, v.name) + "\n";
  text += "\n" + padded("operator", 24) + padded("node", 44) + "output\n";
  std::map<std::string, int> counts;
  for (const auto& node : g.nodes) {
    const std::string op = node.domain.empty() ? node.op : node.domain + "." + node.op;
    ++counts[op];
    const std::string out = node.outputs.empty() ? "" : node.outputs[0];
    text += padded(op, 23) + " " + padded(node.name.empty() ? "(" + out + ")" : node.name, 43) + " " +
            shape_of(g, n, out) + "\n";
  }
  text += "\n" + std::to_string(g.nodes.size()) + " nodes:";
  for (const auto& [op, count] : counts) text += " " + std::to_string(count) + " " + op + ",";
  text.back() = '\n';
  std::int64_t numbers = 0;
  for (const auto& [name, tensor] : g.initialisers) numbers += static_cast<std::int64_t>(tensor.count());
  text += std::to_string(g.initialisers.size()) + " constants with " + std::to_string(numbers) + " numbers\n";
  for (const auto& [name, why] : m.missing) {
    text += "missing: " + padded(why, 0) +
            (m.missing.size() > 1 ? " (and " + std::to_string(m.missing.size() - 1) + " more)" : "") + "\n";
    break;
  }
  if (n.refusals.empty())
    return text + "can be imported: " + shape_text(n.input) + " to " +
           shape_text(n.rows[static_cast<std::size_t>(n.output) - 1].extent) + " in " +
           std::to_string(n.rows.size()) + " layers and joins\n";
  text += "cannot be imported:\n";
  for (const std::string& r : n.refusals) text += "  " + padded(r, 0) + "\n";
  return text;
}

}  // namespace importer
