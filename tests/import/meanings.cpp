// SPDX-License-Identifier: MIT

// What must not be lost between an ONNX file and its declaration, though the network would still compile.

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "import/imported.hpp"

namespace salient {
namespace {

class import_meanings : public testing::Test {
 protected:
  import_meanings() {
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

TEST_F(import_meanings, bounds_far_from_zero) {
  number("low", 0);
  number("high", 255);
  add("Clip", {"x", "low", "high"}, "y");
  expect_layers("clip<0.0, 255.0>");
}

TEST_F(import_meanings, an_upper_bound_alone) {
  number("high", 50);
  add("Clip", {"x", "", "high"}, "y");
  expect_layers("relu");
}

TEST_F(import_meanings, a_relu_of_values_that_were_moved) {
  number("much", 100);
  add("Add", {"x", "much"}, "sum");
  add("Relu", {"sum"}, "y");
  expect_layers("relu");
}

TEST_F(import_meanings, bounds_of_scaled_values) {
  number("factor", 0.01F);
  number("low", -1);
  number("high", 1);
  add("Mul", {"x", "factor"}, "scaled");
  add("Clip", {"scaled", "low", "high"}, "y");
  expect_layers("clip<-1.0, 1.0>");
}

TEST_F(import_meanings, functions_with_small_values) {
  number("tiny", 1e-7F);
  add("Tanh", {"x"}, "t");
  add("Mul", {"t", "tiny"}, "y");
  expect_layers("tanh");
}

TEST_F(import_meanings, a_relu_that_quantisation_took_in) {
  number("scale", 0.05F);
  zero_point("zero", 0);
  add("QuantizeLinear", {"x", "scale", "zero"}, "q");
  add("DequantizeLinear", {"q", "scale", "zero"}, "y");
  expect_layers("clip<0.0, 12.75");
}

TEST_F(import_meanings, a_relu6_that_quantisation_took_in) {
  number("scale", 6.0F / 255);
  zero_point("zero", 0);
  add("QuantizeLinear", {"x", "scale", "zero"}, "q");
  add("DequantizeLinear", {"q", "scale", "zero"}, "y");
  expect_layers("relu6");
}

TEST_F(import_meanings, a_scale_that_is_not_undone) {
  number("scale", 0.05F);
  number("other", 0.1F);
  zero_point("zero", 0);
  add("QuantizeLinear", {"x", "scale", "zero"}, "q");
  add("DequantizeLinear", {"q", "other", "zero"}, "y");
  expect_refused("not that of the QuantizeLinear");
}

TEST_F(import_meanings, arithmetic_of_integers) {
  input({1, 3, 8, 8}, 2);
  zero_point("by", 255);
  add("Div", {"x", "by"}, "small");
  attribute(add("Cast", {"small"}, "y"), "to", 1);
  expect_refused("computes with the integers");
}

TEST_F(import_meanings, a_logarithm_that_something_reads) {
  attribute(add("GlobalAveragePool", {"x"}, "pooled"), "none", 0);
  attribute(add("LogSoftmax", {"pooled"}, "log"), "axis", 1);
  add("Neg", {"log"}, "y");
  expect_refused("LogSoftmax");
}

TEST_F(import_meanings, repeated_values_that_a_convolution_reads) {
  add("GlobalAveragePool", {"x"}, "pooled");
  numbers("shape", {1, 3, 8, 8});
  add("Expand", {"pooled", "shape"}, "wide");
  add("MaxPool", {"wide"}, "y").attributes["kernel_shape"].integers = {2, 2};
  expect_refused("repeated over a map");
}

TEST_F(import_meanings, an_output_that_is_not_available) {
  onnx::node& n = add("Dropout", {"x"}, "y");
  n.outputs.push_back("mask");
  attribute(add("Cast", {"mask"}, "z"), "to", 1);
  expect_refused("output 1 of node 'the Dropout'");
}

TEST_F(import_meanings, indices_that_go_round) {
  numbers("indices", {-1, 0});
  attribute(add("Gather", {"x", "indices"}, "y"), "axis", 1);
  expect_refused("not in a row");
}

TEST_F(import_meanings, images_with_channels_last_that_no_layer_tells) {
  input({1, 28, 28, 3});
  add("Relu", {"x"}, "r");
  add("Flatten", {"r"}, "y");
  const importer::network n = import_test::imported(m_);
  EXPECT_EQ(n.input, (shape{28, 28, 3}));
}

TEST_F(import_meanings, images_that_are_cut_before_they_are_transposed) {
  input({1, 4, 5, 3});
  numbers("start", {1});
  numbers("end", {4});
  numbers("axis", {1});
  add("Slice", {"x", "start", "end", "axis"}, "cut");
  add("Clip", {"cut", "", ""}, "c");
  add("Transpose", {"c"}, "t").attributes["perm"].integers = {0, 3, 1, 2};
  add("MaxPool", {"t"}, "y").attributes["kernel_shape"].integers = {2, 2};
  const importer::network n = import_test::imported(m_);
  ASSERT_EQ(n.refusals, std::vector<std::string>{});
  EXPECT_EQ(n.input, (shape{4, 5, 3}));
}

TEST_F(import_meanings, sides_that_are_exchanged_tell_nothing_of_channels) {
  input({1, 8, 9, 3});
  add("Transpose", {"x"}, "t").attributes["perm"].integers = {0, 2, 1, 3};
  add("Flatten", {"t"}, "y");
  EXPECT_EQ(import_test::imported(m_).input, (shape{8, 9, 3}));
}

TEST_F(import_meanings, inputs_that_no_node_reads) {
  m_.graph.inputs.push_back({"left over", 1, std::vector<std::int64_t>{}});
  add("Flatten", {"x"}, "y");
  EXPECT_EQ(import_test::imported(m_).refusals, std::vector<std::string>{});
  add("Add", {"y", "left over"}, "z");
  expect_refused("the model has 2 inputs ('x', 'left over')");
}

}  // namespace
}  // namespace salient
