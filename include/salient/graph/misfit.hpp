// SPDX-License-Identifier: MIT
#pragma once

#include "salient/graph/rows.hpp"
#include "salient/graph/text.hpp"

namespace salient {

/// "layer 2 (conv2d) needs an input at least as large as its kernel, got 4x4x16". Inside a block, or with a
/// name, the layer is identified by its path.
constexpr text misfit_message(const graph_view& graph, int row) {
  const graph_row& r = graph.rows[static_cast<std::size_t>(row)];
  text sentence;
  sentence << "layer ";
  const bool plain = r.module >= 0 && graph.modules[static_cast<std::size_t>(r.module)].parent < 0 &&
                     graph.modules[static_cast<std::size_t>(r.module)].name.empty();
  if (!plain) sentence << "\"";
  write_path(sentence, graph.modules, r.module);
  if (!plain) sentence << "\"";
  sentence << " (" << r.facts->name << ") needs " << r.facts->needs << ", got ";
  bool first = true;
  for (const int input : graph.inputs(row)) {
    if (!first) sentence << " and ";
    sentence << graph.extent(input);
    first = false;
  }
  return sentence;
}

constexpr text missing_message(std::string_view name) {
  text sentence;
  sentence << "from<\"" << name << "\"> finds no such name earlier in the network";
  return sentence;
}

/// Instantiated only for the first mistake. The message is the template argument.
template <message Why>
constexpr bool report_mistake() {
  static_assert(Why.empty(), "salient::network: its layers do not fit together; 'Why' above says where");
  return true;
}

}  // namespace salient
