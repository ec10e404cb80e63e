// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/onnx/model.hpp"

namespace importer {

using dimensions = std::vector<std::int64_t>;
std::int64_t count_of(const dimensions& d);

/// "[1, 64, 56, 56]"
std::string text_of(const dimensions& d);

/// What cannot be imported: one sentence, to which the node's name and operator are added.
struct refusal {
  std::string why;
};

/// A tensor that is known while importing. Floats are computed when they are asked for, because a network's
/// weights are large and only written once.
struct constant {
  dimensions extent;
  /// The elements, if they are integers. Shared, so that nodes that pass them on copy nothing.
  std::shared_ptr<const std::vector<std::int64_t>> integers;
  /// The elements, if they are floats. Throws refusal if they are in a file that is missing.
  std::function<std::vector<float>()> floats;
  /// The initialiser's name, if the values are those of one.
  std::string name;
  /// How many functions `floats` calls within each other.
  int depth = 0;
  /// Least and largest integer of the elements' type; both 0 if it is not one of 8 or 16 bits.
  std::int64_t least = 0, largest = 0;

  std::int64_t count() const { return count_of(extent); }
  /// All elements as numbers, of either type.
  std::vector<double> numbers() const;
  /// The only element.
  double number() const;
  /// The elements as integers; floats with integral values are accepted, as old opsets have them. Throws
  /// refusal for more than an attribute has.
  std::vector<std::int64_t> whole() const;
};

/// The constant whose floats are `floats`, which calls those of `from`. Throws refusal if too many call each
/// other.
constant computed_from(const constant& from, dimensions extent, std::function<std::vector<float>()> floats);

constant constant_of(const salient::onnx::tensor& t, const std::string& missing);
constant integers_of(dimensions extent, std::vector<std::int64_t> values);
constant floats_of(dimensions extent, std::vector<float> values);

/// The same elements with another extent.
constant reshaped(constant c, dimensions extent);
/// Axis i of the result is axis order[i] of c.
constant transposed(const constant& c, const std::vector<std::int64_t>& order);

}  // namespace importer
