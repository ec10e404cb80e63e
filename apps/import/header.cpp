// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <set>

#include "import/names.hpp"
#include "import/paths.hpp"
#include "import/text.hpp"
#include "import/write.hpp"

namespace importer {

using salient::shape;

namespace {

std::string list_of(const salient::channel_values& v) {
  std::string text = "{";
  for (std::size_t i = 0; i < v.count; ++i) text += (i > 0 ? ", " : "") + text_of(v.values[i]);
  return text + "}";
}

std::string preprocessing_text(const salient::preprocessing& p) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (p.range != 1) add(".range = " + text_of(p.range));
  if (p.mean.count > 0) add(".mean = " + list_of(p.mean));
  if (p.deviation.count > 0) add(".deviation = " + list_of(p.deviation));
  if (p.order == salient::channel_order::bgr) add(".order = channel_order::bgr");
  if (p.fit.resize > 0) {
    std::string fit = ".resize = " + std::to_string(p.fit.resize);
    if (p.fit.filter == salient::filter::bicubic) fit += ", .filter = filter::bicubic";
    if (p.fit.crop_first) fit += ", .crop_first = true";
    add(".fit = {" + fit + "}");
  }
  return text.empty() ? "" : ", preprocessing{" + text + "}";
}

/// As part of a comment or a string literal.
std::string plain(const std::string& text) {
  std::string kept;
  for (const char c : text.substr(0, 200))
    kept += std::isprint(static_cast<unsigned char>(c)) && c != '\\' && c != '"' ? c : '?';
  return kept;
}

std::string comment(const network& n, const salient::onnx::model& m, const declaration& d) {
  std::string text = "// Written by salient-import; do not edit.\n//\n// Source: " + plain(d.source) + "\n";
  const auto opset = m.opsets.find("");
  text += "// ONNX: IR " + std::to_string(m.ir_version) + ", opset " +
          (opset == m.opsets.end() ? "?" : std::to_string(opset->second)) +
          (m.producer.empty() ? ""
                              : ", by " + plain(m.producer) +
                                    (m.producer_version.empty() ? "" : " " + plain(m.producer_version))) +
          "\n";
  text += "// SHA-256: " + m.sha256 + "\n";
  text += "// Input: " + plain(n.input_name) + (n.channels_last ? ", channels last" : ", channels first") +
          "; output: " + plain(n.output_name) + "\n";
  for (const std::string& note : n.notes) text += "// Note: " + plain(note) + "\n";
  return text;
}

std::string shape_text(const dimensions& d) {
  return "shape{" + std::to_string(d[2]) + ", " + std::to_string(d[3]) + ", " + std::to_string(d[1]) + "}";
}

/// A module's output as the file states it.
const dimensions* stated(const network& n, const salient::onnx::model& m, int activation) {
  if (activation < 1) return nullptr;
  for (const std::string& name : n.rows[static_cast<std::size_t>(activation) - 1].outputs) {
    const auto at = m.graph.values.find(name);
    if (at == m.graph.values.end() || !at->second.dimensions || at->second.dimensions->size() != 4) continue;
    const dimensions& d = *at->second.dimensions;
    if (d[1] > 0 && d[2] > 0 && d[3] > 0) return &d;
  }
  return nullptr;
}

std::string assertions(const network& n, const salient::onnx::model& m, const declaration& d,
                       const layout& l) {
  const shape out = n.rows[static_cast<std::size_t>(n.output) - 1].extent;
  std::string text = "static_assert(" + d.name + "::output_shape == shape{" + std::to_string(out.height) +
                     ", " + std::to_string(out.width) + ", " + std::to_string(out.channels) + "});\n";
  std::set<std::string> told;
  for (const named_activation& module : l.modules)
    if (const dimensions* s = stated(n, m, module.activation); s && told.insert(module.path).second)
      text += "static_assert(" + d.name + "::extent(" + d.name + "::find(\"" + module.path +
              "\")) == " + shape_text(*s) + ");\n";
  return text;
}

std::string labels_text(const declaration& d) {
  if (d.labels.empty()) return "\n";
  std::string text = "\n  /// One for each class.\n  static constexpr std::string_view labels[] = {\n";
  for (const std::string& l : d.labels) {
    std::string quoted;
    for (const char c : l) quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    text += "      \"" + quoted + "\",\n";
  }
  return text + "  };\n";
}

}  // namespace

std::string header_of(const network& n, const salient::onnx::model& m, const declaration& d) {
  const layout l = lay_out(n);
  const std::vector<alias> aliases = aliases_of(l.layers);
  const std::string inner = d.name + "_declaration";
  std::string text = comment(n, m, d);
  text += "#pragma once\n\n";
  if (!d.labels.empty()) text += "#include <string_view>\n\n";
  text += "#include \"salient/salient.hpp\"\n\n";
  if (!d.space.empty()) text += "namespace " + d.space + " {\n";
  text += "namespace " + inner + " {\n\nusing namespace salient;\n\n";
  std::vector<alias> known;
  for (const alias& a : aliases) {
    const std::string head = "using " + a.name + " = ";
    text += head + print(a.type, known, 0, head.size()) + ";\n\n";
    known.push_back(a);
  }
  const std::string image = "input<" + std::to_string(n.input.height) + ", " + std::to_string(n.input.width) +
                            ", " + std::to_string(n.input.channels) + preprocessing_text(d.images) + ">";
  text_node network{"network<", ">", {{image, "", {}, ""}}, ""};
  network.arguments.insert(network.arguments.end(), l.layers.begin(), l.layers.end());
  text += "struct " + d.name + "\n    : " + print(network, aliases, 4, 6) + " {" +
          (d.labels.empty() ? "};\n\n" : labels_text(d) + "};\n\n");
  text += "// What the file states.\n" + assertions(n, m, d, l) + "\n";
  text += "}  // namespace " + inner + "\n\nusing " + inner + "::" + d.name + ";\n";
  if (!d.space.empty()) text += "\n}  // namespace " + d.space + "\n";
  return text;
}

}  // namespace importer
