// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "io/gzip.hpp"
#include "salient/graph/network.hpp"

namespace salient::networks {

/// A network's entry in names.txt.gz.
struct reference {
  long side = 0, parameters = 0;
  std::set<std::string> unused;
  std::map<std::string, std::string> tensors;                          ///< path: "64x3x7x7"
  std::map<std::string, std::pair<std::string, std::string>> modules;  ///< path: "112x112x64", "conv2d"
};

inline std::string text_of(const std::filesystem::path& gzipped) {
  input_file file(gzipped);
  salient::detail::plain_bytes bytes(file);
  std::string text;
  std::array<std::uint8_t, 1 << 16> piece;
  while (const std::size_t count = bytes.read(piece)) text.append(piece.begin(), piece.begin() + count);
  return text;
}

inline const std::map<std::string, reference>& references() {
  static const std::map<std::string, reference> all = [] {
    std::map<std::string, reference> result;
    reference* current = nullptr;
    std::istringstream lines(text_of(SALIENT_SOURCE_DIR "/tests/networks/names.txt.gz"));
    std::string kind, path, about;
    while (lines >> kind >> path) {
      if (kind == "network") {
        current = &result[path];
        lines >> current->side >> current->parameters;
      } else if (kind == "unused") {
        current->unused.insert(path);
      } else if (lines >> about; kind == "tensor") {
        current->tensors[path] = about;
      } else {
        lines >> current->modules[path].second;
        current->modules[path].first = about;
      }
    }
    return result;
  }();
  return all;
}

template <class Range>
std::string product_of(const Range& numbers) {
  std::string result;
  for (const long n : numbers) result += (result.empty() ? "" : "x") + std::to_string(n);
  return result;
}

/// The tensors that the library expects in a weight file.
inline std::map<std::string, std::string> tensors_of(const parameter_table& table) {
  std::map<std::string, std::string> result;
  for (const parameter_place& p : table.places)
    for (std::size_t t = 0; t < p.list.count; ++t) {
      const std::string name = parameter_name(table.graph, p, t);
      EXPECT_TRUE(result.emplace(name, product_of(dimensions_of(p.list.tensors[t]))).second)
          << name << " stands for two tensors";
    }
  return result;
}

/// Names of the layers by their module paths.
inline std::map<std::string, std::string> layers_of(const graph_view& graph) {
  std::map<std::string, std::string> result;
  for (const graph_row& row : graph.rows) result.emplace(path_of(graph, row.module), row.facts->name);
  return result;
}

inline void expect_like_pytorch(const reference& expected, const parameter_table& table, long parameters) {
  const graph_view& graph = table.graph;
  EXPECT_TRUE((graph.input == shape{static_cast<int>(expected.side), static_cast<int>(expected.side), 3}));
  EXPECT_EQ(parameters, expected.parameters);
  const auto tensors = tensors_of(table);
  for (const auto& [path, dimensions] : expected.tensors)
    EXPECT_EQ(tensors.contains(path) ? tensors.at(path) : "lacking", dimensions) << path;
  for (const auto& [path, dimensions] : tensors)
    EXPECT_TRUE(expected.tensors.contains(path)) << path << " (" << dimensions << ") is not PyTorch's";
  std::set<std::string> unused;
  for (std::size_t m = 0; m < graph.modules.size(); ++m)
    if (graph.modules[m].unused) unused.insert(path_of(graph, static_cast<int>(m)));
  EXPECT_EQ(unused, expected.unused);

  EXPECT_GT(expected.modules.size(), 10u);
  const auto layers = layers_of(graph);
  for (const auto& [path, about] : expected.modules) {
    const int activation = graph.find(path);
    if (activation < 0) {
      ADD_FAILURE() << path << " is not found";
      continue;
    }
    const shape s = graph.extent(activation);
    EXPECT_EQ(product_of(std::array{s.height, s.width, s.channels}), about.first) << path;
    EXPECT_EQ(layers.contains(path) ? layers.at(path) : "-", about.second) << path;  // "-" is a block
  }
}

/// Checks that a network has PyTorch's parameters, names, shapes and layers.
template <class Network>
void expect_like_pytorch(const std::string& name) {
  SCOPED_TRACE(name + "; PyTorch's side is listed by `zcat tests/networks/names.txt.gz`");
  const auto found = references().find(name);
  ASSERT_NE(found, references().end());
  expect_like_pytorch(found->second, Network::parameter_table, Network::parameters);
}

}  // namespace salient::networks
