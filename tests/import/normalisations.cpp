// SPDX-License-Identifier: MIT

// Normalisations as chains of operators: what is one, and what only looks like one. exported/ has those that
// are.

#include "import/small_models.hpp"

namespace salient {
namespace {

class import_normalisations : public small_models {
 protected:
  import_normalisations() {
    input({1, 6, 4, 4});
    number("epsilon", 1e-3F);
    number("two", 2);
    floats("gamma", {1, 2, 3, 4, 5, 6}, {6, 1, 1});
    floats("beta", {6, 5, 4, 3, 2, 1}, {6, 1, 1});
  }

  void mean(const std::string& of, const std::string& to, std::vector<std::int64_t> axes = {1}) {
    add("ReduceMean", {of}, to).attributes["axes"].integers = std::move(axes);
  }
  void centred(std::vector<std::int64_t> axes = {1}) {
    mean("x", "mean", std::move(axes));
    add("Sub", {"x", "mean"}, "d");
  }
  void variance(std::vector<std::int64_t> axes = {1}) {
    add("Pow", {"d", "two"}, "square");
    mean("square", "v", std::move(axes));
  }
  void root(const std::string& of) {
    add("Add", {of, "epsilon"}, "sum");
    add("Sqrt", {"sum"}, "deviation");
  }

  /// A mean of squares of neighbouring channels.
  onnx::node& neighbours(std::vector<std::int64_t> pads) {
    numbers("outer", {1, 1, 6, 4, 4});
    numbers("inner", {1, 6, 4, 4});
    numbers("pads", {0, 0, pads[0], 0, 0, 0, 0, pads[1], 0, 0});
    add("Mul", {"x", "x"}, "square");
    add("Reshape", {"square", "outer"}, "apart");
    add("Pad", {"apart", "pads"}, "padded");
    onnx::node& pool = add("AveragePool", {"padded"}, "pooled");
    pool.attributes["kernel_shape"].integers = {3, 1, 1};
    return pool;
  }
  void response(const std::string& numerator = "x") {
    number("alpha", 0.5F);
    number("beta_", 0.75F);
    add("Reshape", {"pooled", "inner"}, "means");
    add("Mul", {"means", "alpha"}, "scaled");
    add("Add", {"two", "scaled"}, "base");
    add("Pow", {"base", "beta_"}, "divisor");
    add("Div", {numerator, "divisor"}, "y");
  }
};

TEST_F(import_normalisations, a_layer_normalisation) {
  centred();
  variance();
  root("v");
  add("Div", {"d", "deviation"}, "y");
  expect_layers("layer_norm<norm{.epsilon = 0.001, .affine = false}>");
}

TEST_F(import_normalisations, a_bound_that_few_channels_reach) {
  centred();
  variance();
  root("v");
  add("Div", {"d", "deviation"}, "normal");
  number("low", -4);
  number("high", 5);
  add("Clip", {"normal", "low", "high"}, "y");
  expect_layers("layer_norm<norm{.epsilon = 0.001, .affine = false}>");
  expect_layers("clip<");
}

TEST_F(import_normalisations, a_bound_of_the_variance) {
  centred();
  variance();
  number("zero", 0);
  add("Max", {"v", "zero"}, "positive");
  root("positive");
  add("Div", {"d", "deviation"}, "y");
  expect_layers("layer_norm<norm{.epsilon = 0.001, .affine = false}>");
}

TEST_F(import_normalisations, a_mean_in_another_shape) {
  numbers("columns", {1, 1, 2, 8});
  mean("x", "mean");
  add("Reshape", {"mean", "columns"}, "wide");
  add("Sub", {"x", "wide"}, "y");
  expect_refused("a mean over channels, of [1, 1, 4, 4], can only keep its shape");
}

TEST_F(import_normalisations, a_mean_of_rows) {
  centred({2});
  variance({2});
  root("v");
  add("Div", {"d", "deviation"}, "y");
  expect_refused("");
}

TEST_F(import_normalisations, a_variance_over_the_map) {
  centred();
  variance({2, 3});
  root("v");
  add("Div", {"d", "deviation"}, "y");
  expect_refused("no normalisation that this library has");
}

TEST_F(import_normalisations, a_variance_around_the_mean_of_a_sample) {
  centred();
  variance();
  number("unbiased", 6.0F / 5);
  add("Mul", {"v", "unbiased"}, "w");
  root("w");
  add("Div", {"d", "deviation"}, "y");
  expect_refused("no normalisation that this library has");
}

TEST_F(import_normalisations, an_epsilon_outside_of_the_root) {
  for (const float epsilon : {1e-3F, 1e-5F, 1e-12F}) {
    m_.graph.nodes.clear();
    number("epsilon", epsilon);
    centred();
    variance();
    add("Sqrt", {"v"}, "r");
    add("Add", {"r", "epsilon"}, "deviation");
    add("Div", {"d", "deviation"}, "y");
    expect_refused("no normalisation that this library has");
  }
}

TEST_F(import_normalisations, a_mean_that_is_not_subtracted) {
  add("Mul", {"x", "x"}, "square");
  mean("square", "v");
  root("v");
  add("Div", {"x", "deviation"}, "y");
  expect_refused("no normalisation that this library has");
}

TEST_F(import_normalisations, a_mean_that_is_subtracted_from_the_square_alone) {
  centred();
  variance();
  root("v");
  add("Div", {"x", "deviation"}, "y");
  expect_refused("no normalisation that this library has");
}

TEST_F(import_normalisations, tensorflows_form_needs_one_scale) {
  for (const std::string other : {"gamma", "beta"}) {
    m_.graph.nodes.clear();
    centred();
    variance();
    root("v");
    add("Reciprocal", {"deviation"}, "r");
    add("Mul", {"r", "gamma"}, "a");
    add("Mul", {"r", other}, "b");
    add("Mul", {"x", "a"}, "scaled");
    add("Mul", {"mean", "b"}, "moved");
    add("Sub", {"beta", "moved"}, "shift");
    add("Add", {"scaled", "shift"}, "y");
    if (other == "gamma")
      expect_layers("layer_norm<norm{.epsilon = 0.001}>");
    else
      expect_refused("no normalisation that this library has");
  }
}

TEST_F(import_normalisations, a_scale_of_columns) {
  floats("columns", {1, 2, 3, 4}, {4});
  centred();
  variance();
  root("v");
  add("Div", {"d", "deviation"}, "n");
  add("Mul", {"n", "columns"}, "y");
  expect_refused("one value for each of 6 channels");
}

TEST_F(import_normalisations, a_mean_has_one_channel) {
  mean("x", "mean");
  add("Shape", {"mean"}, "shape");
  numbers("second", {1});
  numbers("rest", {-1});
  attribute(add("Gather", {"shape", "second"}, "channels"), "axis", 0);
  attribute(add("Concat", {"channels", "rest"}, "target"), "axis", 0);
  add("Reshape", {"x", "target"}, "y");
  const importer::network n = import_test::imported(m_);
  ASSERT_TRUE(n.refusals.empty()) << n.refusals.front();
  EXPECT_EQ(n.rows.back().extent, (shape{1, 1, 96}));
}

TEST_F(import_normalisations, a_local_response_normalisation) {
  neighbours({1, 1});
  response();
  expect_layers("local_response_norm<3, response{.alpha = 0.5, .beta = 0.75, .k = 2.0}>");
}

TEST_F(import_normalisations, a_bound_of_responses) {
  neighbours({1, 1});
  response();
  number("low", -100);
  number("high", 100);
  add("Clip", {"y", "low", "high"}, "bounded");
  expect_layers("local_response_norm<3");
  expect_layers("clip<");
}

TEST_F(import_normalisations, a_window_that_begins_at_its_channel) {
  neighbours({0, 2});
  response();
  expect_refused("no normalisation that this library has");
}

TEST_F(import_normalisations, a_window_that_leaves_channels_out) {
  neighbours({1, 0});
  numbers("inner", {1, 5, 4, 4});
  response();
  expect_refused("averages over channels");
}

TEST_F(import_normalisations, a_window_with_strides) {
  neighbours({1, 1}).attributes["strides"].integers = {2, 1, 1};
  response();
  expect_refused("averages over channels");
}

TEST_F(import_normalisations, a_padding_that_does_not_count) {
  neighbours({0, 0}).attributes["pads"].integers = {1, 0, 0, 1, 0, 0};
  response();
  expect_refused("does not count");
}

TEST_F(import_normalisations, a_window_over_channels_and_rows) {
  neighbours({1, 1}).attributes["kernel_shape"].integers = {3, 2, 1};
  response();
  expect_refused("averages over channels");
}

TEST_F(import_normalisations, squares_over_a_response) {
  neighbours({1, 1});
  response("square");
  expect_refused("no normalisation that this library has");
}

}  // namespace
}  // namespace salient
