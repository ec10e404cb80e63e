// SPDX-License-Identifier: MIT

// What must not be lost between an ONNX file and its declaration, though the network would still compile.

#include "import/small_models.hpp"

namespace salient {
namespace {

using import_meanings = small_models;

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

class import_constants : public small_models {
 protected:
  import_constants() { numbers("rest", {-1}); }
  /// The image's shape after it is reshaped to [`first`, rest].
  importer::dimensions shape_after(const std::string& first) {
    attribute(add("Concat", {first, "rest"}, "target"), "axis", 0);
    add("Reshape", {"x", "target"}, "y");
    const importer::network n = import_test::imported(m_);
    return n.shapes.contains("y") ? n.shapes.at("y") : importer::dimensions();
  }
};
using extents = importer::dimensions;

TEST_F(import_constants, products_along_an_axis) {
  constant<std::int64_t>("sizes", {1, 3, 8, 8}, {2, 2}, onnx::element::i64);
  onnx::node& n = add("ReduceProd", {"sizes"}, "products");
  n.attributes["axes"].integers = {-1};
  attribute(n, "keepdims", 0);
  EXPECT_EQ(shape_after("products"), (extents{3, 64, 1}));
}

TEST_F(import_constants, products_along_an_axis_that_is_an_input) {
  constant<std::int64_t>("sizes", {1, 8, 3, 8}, {2, 2}, onnx::element::i64);
  numbers("axis", {0});
  attribute(add("ReduceProd", {"sizes", "axis"}, "products"), "keepdims", 0);
  EXPECT_EQ(shape_after("products"), (extents{3, 64, 1}));
}

TEST_F(import_constants, products_of_all) {
  numbers("sizes", {1, 3, 8});
  add("ReduceProd", {"sizes"}, "product");
  EXPECT_EQ(shape_after("product"), (extents{24, 8}));
}

TEST_F(import_constants, largest_of_three) {
  numbers("a", {1});
  numbers("b", {2});
  numbers("c", {3});
  add("Max", {"a", "b", "c"}, "most");
  EXPECT_EQ(shape_after("most"), (extents{3, 64}));
  m_.graph.nodes.clear();
  add("Min", {"c"}, "least");
  EXPECT_EQ(shape_after("least"), (extents{3, 64}));
}

TEST_F(import_constants, remainders_of_both_kinds) {
  numbers("a", {-1});
  numbers("b", {4});
  attribute(add("Mod", {"a", "b"}, "r"), "fmod", 1);
  add("Neg", {"r"}, "size");
  EXPECT_EQ(shape_after("size"), (extents{1, 192}));
  m_.graph.nodes.clear();
  add("Mod", {"a", "b"}, "size");
  EXPECT_EQ(shape_after("size"), (extents{3, 64}));
}

TEST_F(import_constants, truths_of_numbers) {
  for (const float number : {2.5F, 0.25F, -1.0F}) {
    m_.graph.nodes.clear();
    floats("number", {number}, {1});
    attribute(add("Cast", {"number"}, "truth"), "to", 9);
    attribute(add("Cast", {"truth"}, "size"), "to", 7);
    EXPECT_EQ(shape_after("size"), (extents{1, 192}));
  }
  m_.graph.nodes.clear();
  numbers("number", {7});
  attribute(add("Cast", {"number"}, "size"), "to", 9);
  EXPECT_EQ(shape_after("size"), (extents{1, 192}));
}

TEST_F(import_meanings, an_axis_of_one_image_that_is_removed) {
  add("GlobalAveragePool", {"x"}, "pooled");
  add("Squeeze", {"pooled"}, "bare");
  numbers("front", {0});
  add("Unsqueeze", {"bare", "front"}, "images");
  floats("weight", {1, 2, 3, 4, 5, 6}, {3, 2});
  add("Gemm", {"images", "weight"}, "y");
  const importer::network n = import_test::imported(m_);
  EXPECT_TRUE(n.refusals.empty()) << n.refusals.front();
  EXPECT_EQ(n.shapes.at("bare"), extents{3});
  EXPECT_EQ(n.shapes.at("images"), (extents{1, 3}));
}

TEST_F(import_meanings, an_axis_of_any_number_of_images_stays) {
  input({-1, 3, 8, 8});
  add("GlobalAveragePool", {"x"}, "pooled");
  add("Squeeze", {"pooled"}, "y");
  const importer::network n = import_test::imported(m_);
  EXPECT_TRUE(n.refusals.empty()) << n.refusals.front();
  EXPECT_EQ(n.shapes.at("y"), (extents{1, 3}));
}

TEST_F(import_meanings, flattened_maps_of_two_sizes_that_a_dense_layer_reads) {
  add("Flatten", {"x"}, "large");
  onnx::node& pool = add("MaxPool", {"x"}, "pooled");
  pool.attributes["kernel_shape"].integers = pool.attributes["strides"].integers = {2, 2};
  add("Flatten", {"pooled"}, "small");
  attribute(add("Concat", {"large", "small"}, "both"), "axis", 1);
  floats("weight", std::vector<float>(240 * 2, 1.0F), {240, 2});
  add("MatMul", {"both", "weight"}, "y");
  expect_layers("sum<");
  m_.graph.nodes.pop_back();
  add("Relu", {"both"}, "y");
  expect_refused("only a dense layer may");
  m_.graph.nodes.pop_back();
  m_.graph.outputs[0].name = "both";
  expect_refused("no output that is available");
}

TEST_F(import_meanings, matrices_of_positions_are_joined_in_one_order) {
  numbers("matrix", {64, 3});
  floats("weight", std::vector<float>(12, 1.0F), {6, 2});
  for (const bool same : {true, false}) {
    m_.graph.nodes.clear();
    add("Transpose", {"x"}, "rows").attributes["perm"].integers = {0, 2, 3, 1};
    add("Transpose", {"x"}, "columns").attributes["perm"].integers = {0, 3, 2, 1};
    add("Reshape", {"rows", "matrix"}, "a");
    add("Reshape", {same ? "rows" : "columns", "matrix"}, "b");
    attribute(add("Concat", {"a", "b"}, "both"), "axis", 1);
    add("MatMul", {"both", "weight"}, "scores");
    numbers("map", {1, 8, 8, 2});
    add("Reshape", {"scores", "map"}, "y");
    if (same)
      expect_layers("concat<");
    else
      expect_refused("maps that do not fit together");
  }
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
