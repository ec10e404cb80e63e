// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "salient/graph/rows.hpp"

namespace salient {

/// The consumers of every activation, and the activations that every path crosses.
template <std::size_t R, std::size_t E>
struct graph_topology {
  std::array<int, R + 2> first_consumer{};  ///< of activation a: index in `consumers`
  std::array<int, E> consumers{};           ///< rows, increasing for each activation
  std::array<bool, R + 1> leads{};          ///< whether an activation leads to the scores
  std::array<bool, R + 1> cut{};  ///< whether every path from the input to the scores crosses an activation
};

/// Plain pointers: compilers evaluate them in fewer constexpr steps than spans.
struct topology_view {
  const int* first_consumer;
  const int* consumers;
  const bool* leads;
  const bool* cut;

  constexpr index_range readers(int activation) const {
    return {consumers + first_consumer[activation], consumers + first_consumer[activation + 1]};
  }
};

template <std::size_t R, std::size_t E>
constexpr graph_topology<R, E> make_topology(const graph_view& graph, int scores) {
  graph_topology<R, E> t;
  for (const int activation : graph.edges) ++t.first_consumer[static_cast<std::size_t>(activation) + 1];
  for (std::size_t a = 0; a <= R; ++a) t.first_consumer[a + 1] += t.first_consumer[a];
  std::array<int, R + 1> filled{};
  for (int row = 0; row < graph.size(); ++row)
    for (const int activation : graph.inputs(row)) {
      const auto a = static_cast<std::size_t>(activation);
      t.consumers[static_cast<std::size_t>(t.first_consumer[a] + filled[a]++)] = row;
    }

  t.leads[static_cast<std::size_t>(scores)] = true;
  int earliest = scores;  // earliest activation that rows after `a` read
  for (int a = scores; a >= 0; --a) {
    t.cut[static_cast<std::size_t>(a)] = t.leads[static_cast<std::size_t>(a)] && earliest >= a;
    if (a == 0 || !t.leads[static_cast<std::size_t>(a)]) continue;
    for (const int input : graph.inputs(a - 1)) {
      t.leads[static_cast<std::size_t>(input)] = true;
      earliest = std::min(earliest, input);
    }
  }
  return t;
}

}  // namespace salient
