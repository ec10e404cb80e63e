// SPDX-License-Identifier: MIT
#pragma once

// Models of a few nodes, and what they are imported as.

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "import/imported.hpp"

namespace salient {

class small_models : public testing::Test {
 protected:
  small_models() {
    m_.ir_version = 8;
    m_.opsets[""] = 13;
    input({1, 3, 8, 8});
  }
  void input(const std::vector<std::int64_t>& extent, int type = 1) {
    m_.graph.inputs = {{"x", type, extent}};
  }

  onnx::node& add(const std::string& op, const std::vector<std::string>& inputs, const std::string& output) {
    onnx::node& n = m_.graph.nodes.emplace_back();
    n.op = op;
    n.name = "the " + op;
    n.inputs = inputs;
    n.outputs = {output};
    m_.graph.outputs = {{output, 1, {}}};
    return n;
  }
  template <class T>
  void constant(const std::string& name, const std::vector<T>& values, std::vector<std::int64_t> extent,
                onnx::element type) {
    auto& bytes = storage_.emplace_back(values.size() * sizeof(T));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    m_.graph.initialisers[name] = {
        .name = name, .dimensions = std::move(extent), .type = type, .bytes = bytes};
  }
  void number(const std::string& name, float value) {
    constant<float>(name, {value}, {}, onnx::element::f32);
  }
  void zero_point(const std::string& name, std::uint8_t value) {
    constant<std::uint8_t>(name, {value}, {}, onnx::element::u8);
  }
  void floats(const std::string& name, const std::vector<float>& values, std::vector<std::int64_t> extent) {
    constant(name, values, std::move(extent), onnx::element::f32);
  }
  void numbers(const std::string& name, const std::vector<std::int64_t>& values) {
    constant(name, values, {static_cast<std::int64_t>(values.size())}, onnx::element::i64);
  }
  void attribute(onnx::node& n, const std::string& name, std::int64_t value) {
    n.attributes[name].integer = value;
  }

  std::string declared() {
    const importer::network n = import_test::imported(m_);
    EXPECT_TRUE(n.refusals.empty()) << n.refusals.front();
    return n.refusals.empty()
               ? importer::header_of(n, m_,
                                     {.name = "net", .space = {}, .source = {}, .images = {}, .labels = {}})
               : "";
  }
  void expect_layers(const std::string& layers) {
    const std::string header = declared();
    EXPECT_NE(header.find(layers), std::string::npos) << header;
  }
  void expect_refused(const std::string& words) {
    const importer::network n = import_test::imported(m_);
    ASSERT_FALSE(n.refusals.empty()) << words;
    EXPECT_NE(n.refusals.front().find(words), std::string::npos) << n.refusals.front();
  }

  onnx::model m_;
  std::deque<std::vector<std::uint8_t>> storage_;
};

}  // namespace salient
