// SPDX-License-Identifier: MIT
#include "explainer/structure.hpp"

namespace salient::explainer {
namespace {

std::string text_of(const shape& s) {
  return std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + std::to_string(s.channels);
}

}  // namespace

std::string structure_text(const graph_view& graph) {
  std::string text = "input " + text_of(graph.input) + "\n";
  for (int row = 0; row < graph.size(); ++row) {
    const layer_facts& facts = graph.facts(row);
    text += std::to_string(row + 1) + " " + path_of(graph, graph.row(row).module) + " " +
            std::string(facts.name) + " of";
    for (const int activation : graph.inputs(row)) text += " " + std::to_string(activation);
    text += ": " + text_of(graph.extent(row + 1));
    const parameter_list parameters = facts.parameters(graph.in(row));
    for (const parameter_tensor& p : parameters.all()) {
      text += ", " + std::string(p.name) + " " + std::to_string(p.filters);
      if (p.rank > 1) text += "x" + text_of(p.patch);
    }
    text += "\n";
  }
  return text;
}

}  // namespace salient::explainer
