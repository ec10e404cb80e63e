// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "import/constant.hpp"

namespace importer {

/// The attributes and inputs of a node whose inputs are all constants. Absent inputs are null.
struct known_node {
  const salient::onnx::node& node;
  std::vector<const constant*> inputs;
  std::int64_t opset;

  bool has(std::size_t i) const { return i < inputs.size() && inputs[i]; }
  const constant& in(std::size_t i) const;
  std::int64_t integer(const char* name, std::int64_t otherwise) const;
  /// An attribute in older opsets, an input in newer ones.
  std::optional<std::vector<std::int64_t>> integers(const char* name, std::size_t input) const;
};

/// Computes a node, as exporters write them to compute shapes and paddings. Throws refusal if the operator is
/// not among them, or its result would be large.
constant fold(const known_node& n);

/// Axis as an index from the front.
std::size_t axis_from_front(std::int64_t axis, std::size_t rank);

/// Throws refusal unless the order has each of 0 to rank - 1 once.
void check_permutation(std::vector<std::int64_t> order, std::size_t rank);

/// First index, number of elements and step of a slice of an axis of this size, as ONNX's Slice clamps them.
struct slice_range {
  std::int64_t first, count, step;
};
slice_range clamp_slice(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step);

/// Where [0, 0, -1, 4] is a target of Reshape: 0 copies (unless `allow_zero`), -1 is what is left.
dimensions reshape_target(const dimensions& from, dimensions to, bool allow_zero);

}  // namespace importer
