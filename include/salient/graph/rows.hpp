// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "salient/graph/facts.hpp"

namespace salient {

/// One layer of a network. It reads some activations and writes activation `row + 1`. Activation 0
/// is the input.
struct graph_row {
  const layer_facts* facts = nullptr;
  int module = -1;  ///< whose path prefixes its parameters' names; -1 for the root
  int first_edge = 0, edges = 0;
  shape out{};
};

/// A part of a network with a module path: a layer or block that is in a sequence or has a name.
struct graph_module {
  int parent = -1;         ///< -1 for the root
  std::string_view name;   ///< empty for a numbered module
  int index = 0;           ///< number of a numbered module
  int output = -1;         ///< activation of its output; -1 if unused
  std::uint64_t hash = 0;  ///< of the whole path
  bool unused = false;     ///< loading skips its tensors
};

/// FNV-1a hash, continued from `hash`.
constexpr std::uint64_t hashed(std::uint64_t hash, std::string_view more) {
  for (const char c : more) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}
inline constexpr std::uint64_t empty_hash = 0xcbf29ce484222325u;

/// Some numbers of rows or activations.
struct index_range {
  const int* first;
  const int* last;

  constexpr const int* begin() const { return first; }
  constexpr const int* end() const { return last; }
  constexpr std::size_t size() const { return static_cast<std::size_t>(last - first); }
  constexpr bool empty() const { return first == last; }
  constexpr int operator[](std::size_t i) const { return first[i]; }
};

/// The tables of a network, without its type.
struct graph_view {
  std::span<const graph_row> rows;
  std::span<const int> edges;
  std::span<const graph_module> modules;
  shape input{};

  constexpr int size() const { return static_cast<int>(rows.size()); }
  constexpr const graph_row& row(int i) const { return rows.data()[i]; }
  constexpr const layer_facts& facts(int row) const { return *rows.data()[row].facts; }
  /// The activations that a row reads.
  constexpr index_range inputs(int row) const {
    const graph_row& r = rows.data()[row];
    const int* const first = edges.data() + r.first_edge;
    return {first, first + r.edges};
  }
  constexpr shape extent(int activation) const {
    return activation == 0 ? input : rows.data()[activation - 1].out;
  }
  /// Shape of a row's first input.
  constexpr shape in(int row) const { return extent(inputs(row)[0]); }

  /// The output of the module with this path. 0 for "input", unless a module has this name; -1 if there is
  /// none, -2 if there are several with different outputs.
  constexpr int find(std::string_view path) const {
    const int found = find(hashed(empty_hash, path));
    return found == -1 && path == "input" ? 0 : found;
  }
  /// The same for a path relative to a module, then to the modules around it, then to the root.
  constexpr int find(std::string_view path, int module) const {
    for (; module >= 0; module = modules[static_cast<std::size_t>(module)].parent) {
      const std::uint64_t hash = hashed(modules[static_cast<std::size_t>(module)].hash, ".");
      if (const int found = find(hashed(hash, path)); found != -1) return found;
    }
    return find(path);
  }

 private:
  constexpr int find(std::uint64_t hash) const {
    int found = -1;
    for (const graph_module& m : modules) {
      if (m.hash != hash || m.output < 0) continue;
      if (found >= 0 && found != m.output) return -2;
      found = m.output;
    }
    return found;
  }
};

/// "layer1.0.conv1"; empty for the root.
inline std::string path_of(const graph_view& graph, int module) {
  if (module < 0) return {};
  const graph_module& m = graph.modules[static_cast<std::size_t>(module)];
  const std::string before = path_of(graph, m.parent);
  return (before.empty() ? before : before + ".") +
         (m.name.empty() ? std::to_string(m.index) : std::string(m.name));
}

/// The same at compile time, for messages.
constexpr void write_path(text& to, std::span<const graph_module> modules, int module) {
  if (module < 0) return;
  const graph_module& m = modules[static_cast<std::size_t>(module)];
  if (m.parent >= 0) {
    write_path(to, modules, m.parent);
    to << ".";
  }
  if (m.name.empty())
    to << m.index;
  else
    to << m.name;
}

/// Fills a network's tables, row by row. The tables must be large enough.
class graph_builder {
 public:
  constexpr graph_builder(graph_row* rows, int* edges, graph_module* modules, shape input)
      : rows_(rows), edges_(edges), modules_(modules), input_(input) {}

  /// Adds a row that reads these activations; returns the activation that it writes.
  constexpr int put(const layer_facts& facts, int module, std::span<const int> from) {
    graph_row& row = rows_[row_count_];
    row = {&facts, module, edge_count_, static_cast<int>(from.size()), {}};
    for (const int activation : from) edges_[edge_count_++] = activation;
    if (fits()) {
      shape in[most_inputs]{};
      for (std::size_t i = 0; i < from.size(); ++i) in[i] = extent(from[i]);
      const std::span<const shape> all(in, from.size());
      if (facts.accepts(all))
        row.out = facts.output(all);
      else
        misfit = row_count_;
    }
    return ++row_count_;
  }
  static constexpr std::size_t most_inputs = 64;

  /// Adds a module; `name` is empty for a numbered one.
  constexpr int open(int parent, std::string_view name, int index) {
    graph_module& m = modules_[module_count_];
    m = {parent, name, index, -1, parent < 0 ? empty_hash : modules_[parent].hash, false};
    if (parent >= 0) m.hash = hashed(m.hash, ".");
    if (name.empty()) {
      text number;
      number << index;
      m.hash = hashed(m.hash, number.view());
    } else {
      m.hash = hashed(m.hash, name);
    }
    return module_count_++;
  }
  constexpr int close(int module, int output) {
    if (!modules_[module].unused) modules_[module].output = output;
    return output;
  }
  constexpr void leave_out(int module) { modules_[module].unused = true; }

  /// For a `from` in this module: the output of the complete module with this path. Records a path that
  /// does not exist.
  constexpr int find(std::string_view path, int module) {
    const graph_view so_far{{rows_, static_cast<std::size_t>(row_count_)},
                            {edges_, static_cast<std::size_t>(edge_count_)},
                            {modules_, static_cast<std::size_t>(module_count_)},
                            input_};
    const int found = so_far.find(path, module);
    if (found < 0 && fits()) missing = path;
    return found < 0 ? 0 : found;
  }

  /// Whether there is no mistake so far. Later ones would only be consequences of the first.
  constexpr bool fits() const { return misfit < 0 && missing.empty(); }

  int misfit = -1;           ///< the first row that does not accept its inputs, or -1
  std::string_view missing;  ///< the first name of a `from` that was not found

 private:
  constexpr shape extent(int activation) const {
    return activation == 0 ? input_ : rows_[activation - 1].out;
  }

  graph_row* rows_;
  int* edges_;
  graph_module* modules_;
  shape input_;
  int row_count_ = 0, edge_count_ = 0, module_count_ = 0;
};

}  // namespace salient
