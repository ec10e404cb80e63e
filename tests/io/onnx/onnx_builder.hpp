// SPDX-License-Identifier: MIT
#pragma once

// ONNX files byte by byte, right or wrong. The names are those of ONNX's messages and fields.

#include <cstring>
#include <initializer_list>

#include "io/bad_input.hpp"
#include "io/onnx/model.hpp"

namespace salient::test::proto {

inline bytes varint(std::uint64_t value) {
  bytes result;
  for (; value >= 128; value >>= 7) result.push_back(static_cast<std::uint8_t>(value | 128));
  result.push_back(static_cast<std::uint8_t>(value));
  return result;
}

inline bytes tag(unsigned field, unsigned wire_type) { return varint(field << 3 | wire_type); }

inline bytes number(unsigned field, std::int64_t value) {
  return tag(field, 0) + varint(static_cast<std::uint64_t>(value));
}
inline bytes message(unsigned field, const bytes& content) {
  return tag(field, 2) + varint(content.size()) + content;
}
inline bytes string(unsigned field, std::string_view content) { return message(field, text(content)); }
inline bytes fixed32(unsigned field, float value) { return tag(field, 5) + raw({value}); }
inline bytes fixed64(unsigned field, double value) { return tag(field, 1) + raw({value}); }

/// Numbers one by one, and packed.
inline bytes numbers(unsigned field, const std::vector<std::int64_t>& values) {
  bytes result;
  for (const std::int64_t value : values) result = result + number(field, value);
  return result;
}
inline bytes packed(unsigned field, const std::vector<std::int64_t>& values) {
  bytes result;
  for (const std::int64_t value : values) result = result + varint(static_cast<std::uint64_t>(value));
  return message(field, result);
}

/// TensorProto without values.
inline bytes tensor(std::string_view name, int type, std::initializer_list<std::int64_t> dimensions) {
  return numbers(1, dimensions) + number(2, type) + string(8, name);
}
inline bytes raw_data(const bytes& values) { return message(9, values); }

/// The entries of an external tensor.
inline bytes external(std::initializer_list<std::pair<std::string_view, std::string_view>> entries) {
  bytes result = number(14, 1);
  for (const auto& [key, value] : entries) result = result + message(13, string(1, key) + string(2, value));
  return result;
}

inline bytes node(std::string_view op, const words& inputs, const words& outputs, const bytes& more = {}) {
  bytes result;
  for (const auto& input : inputs) result = result + string(1, input);
  for (const auto& output : outputs) result = result + string(2, output);
  return result + string(4, op) + more;
}
inline bytes attribute(std::string_view name, int type, const bytes& value) {
  return message(5, string(1, name) + value + (type > 0 ? number(20, type) : bytes()));
}

/// ValueInfoProto of floats; -1 is a named dimension.
inline bytes value(std::string_view name, std::initializer_list<std::int64_t> dimensions) {
  bytes shape;
  for (const std::int64_t d : dimensions) shape = shape + message(1, d < 0 ? string(2, "N") : number(1, d));
  return string(1, name) + message(2, message(1, number(1, 1) + message(2, shape)));
}

inline bytes opset(std::int64_t version, std::string_view domain = "") {
  return message(8, string(1, domain) + number(2, version));
}
inline bytes model(const bytes& graph, const bytes& opsets = opset(17), std::int64_t ir = 8) {
  return number(1, ir) + message(7, graph) + opsets;
}

/// y = Relu(x * w + b), with attributes of all kinds: a small whole model.
inline bytes example() {
  const bytes w = tensor("w", 1, {2, 1}) + raw_data(raw<float>({1, -2}));
  const bytes b = tensor("b", 10, {1}) + packed(5, {0x3c00});
  const bytes more = attribute("alpha", 1, fixed32(2, 0.5F)) + attribute("transB", 2, number(3, 1)) +
                     attribute("mode", 3, string(4, "max")) + attribute("pads", 7, packed(8, {0, 1})) +
                     attribute("scales", 6, message(7, raw<float>({1, 2}))) +
                     attribute("names", 8, string(9, "a") + string(9, "b")) +
                     attribute("value", 4, message(5, tensor("", 7, {2}) + numbers(7, {3, -4})));
  return model(message(1, node("Gemm", {"x", "w", "b"}, {"h"}, string(3, "fc") + more)) +
               message(1, node("Relu", {"h"}, {"y"}, message(9, string(1, "scope") + string(2, "top")))) +
               string(2, "main") + message(5, w) + message(5, b) + message(11, value("x", {-1, 2})) +
               message(12, value("y", {-1, 1})) + message(13, value("h", {-1, 1})));
}

}  // namespace salient::test::proto
