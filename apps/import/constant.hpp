// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "import/elements.hpp"
#include "io/onnx/model.hpp"

namespace importer {

using dimensions = std::vector<std::int64_t>;
std::int64_t count_of(const dimensions& d);

/// "[1, 64, 56, 56]"
std::string text_of(const dimensions& d);

/// A tensor that is known while importing. It has either integers or floats.
struct constant {
  dimensions extent;
  elements<std::int64_t> integers;
  values floats;
  /// The initialiser's name, if the values are those of one.
  std::string name;
  /// How many readers of elements call each other.
  int depth = 0;
  /// Least and largest integer of the elements' type; both 0 if it is not one of 8 or 16 bits.
  std::int64_t least = 0, largest = 0;

  std::int64_t count() const { return count_of(extent); }
  /// All elements as numbers, of either type.
  std::vector<double> numbers() const;
  /// The elements of either type as floats.
  values reals() const;
  /// The only element.
  double number() const;
  /// The elements as integers; floats with integral values are accepted, as old opsets have them. Throws
  /// refusal for more than an attribute has.
  std::vector<std::int64_t> whole() const;
};

/// The constant whose floats are `floats`, which reads `from`. Throws refusal if too many read each other.
constant computed_from(const constant& from, dimensions extent, values floats);

constant constant_of(const salient::onnx::tensor& t, const std::string& missing);
constant integers_of(dimensions extent, std::vector<std::int64_t> values);
constant floats_of(dimensions extent, std::vector<float> values);

/// The same elements with another extent.
constant reshaped(constant c, dimensions extent);
/// Axis i of the result is axis order[i] of c.
constant transposed(const constant& c, const std::vector<std::int64_t>& order);

}  // namespace importer
