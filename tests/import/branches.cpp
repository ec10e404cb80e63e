// SPDX-License-Identifier: MIT

// Conditions on constants.

#include "import/small_models.hpp"

namespace salient {
namespace {

class import_branches : public small_models {
 protected:
  /// A graph of one node that writes "out".
  static onnx::graph of(const std::string& op, const std::string& input) {
    onnx::graph g;
    onnx::node& n = g.nodes.emplace_back();
    n.op = op;
    n.inputs = {input};
    n.outputs = {"out"};
    g.outputs = {{"out", 1, {}}};
    return g;
  }
  onnx::node& choose(const std::string& condition, const onnx::graph& a, const onnx::graph& b,
                     const std::string& to = "y") {
    onnx::node& n = add("If", {condition}, to);
    n.attributes["then_branch"].graph = [a] { return a; };
    n.attributes["else_branch"].graph = [b] { return b; };
    return n;
  }
  void truth(const std::string& name, bool value) {
    constant<std::uint8_t>(name, {value}, {}, onnx::element::boolean);
  }
};

TEST_F(import_branches, take_one_of_two) {
  for (const bool yes : {true, false}) {
    m_.graph.nodes.clear();
    truth("condition", yes);
    choose("condition", of("Relu", "x"), of("Sigmoid", "x"));
    expect_layers(yes ? "relu" : "sigmoid");
  }
}

TEST_F(import_branches, have_names_of_their_own) {
  truth("yes", true);
  choose("yes", of("Relu", "x"), {}, "first");
  choose("yes", of("Sigmoid", "first"), {});
  expect_layers("relu, sigmoid");
}

TEST_F(import_branches, have_constants_of_their_own) {
  input({1, 3, 4, 4});
  number("epsilon", 1e-3F);
  truth("yes", true);
  add("ReduceMean", {"x"}, "mean").attributes["axes"].integers = {1};
  add("Sub", {"x", "mean"}, "d");
  add("Mul", {"d", "d"}, "square");
  add("ReduceMean", {"square"}, "v").attributes["axes"].integers = {1};
  add("Add", {"v", "epsilon"}, "sum");
  add("Sqrt", {"sum"}, "deviation");
  add("Div", {"d", "deviation"}, "normal");
  const auto with = [&](const std::string& op, const std::string& of_what, const std::vector<float>& k) {
    onnx::graph g = of(op, of_what);
    g.nodes[0].inputs.emplace_back("k");
    floats("k", k, {3, 1, 1});
    g.initialisers["k"] = m_.graph.initialisers.extract("k").mapped();
    return g;
  };
  choose("yes", with("Mul", "normal", {1, 2, 3}), {}, "scaled");
  choose("yes", with("Add", "scaled", {4, 5, 6}), {});
  const importer::network n = import_test::imported(m_);
  ASSERT_TRUE(n.refusals.empty()) << n.refusals.front();
  ASSERT_EQ(n.rows.size(), 1U);
  EXPECT_EQ(n.rows[0].weight.all(), (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(n.rows[0].bias.all(), (std::vector<float>{4, 5, 6}));
}

TEST_F(import_branches, need_no_nodes_that_nothing_reads) {
  truth("yes", true);
  onnx::graph g = of("Relu", "x");
  onnx::node& idle = g.nodes.emplace_back();
  idle.op = "Sin";
  idle.inputs = {"x"};
  idle.outputs = {"idle"};
  choose("yes", g, {});
  expect_layers("relu");
}

TEST_F(import_branches, read_values_that_nothing_else_reads) {
  truth("yes", true);
  add("Relu", {"x"}, "hidden");
  choose("yes", of("Sigmoid", "hidden"), {});
  expect_layers("relu, sigmoid");
}

TEST_F(import_branches, hide_no_other_value) {
  truth("yes", true);
  add("Relu", {"x"}, "out");
  choose("yes", of("Sigmoid", "x"), {});
  expect_refused("writes 'out', which there is already");
}

TEST_F(import_branches, compute_what_they_state) {
  truth("yes", true);
  onnx::graph g = of("Relu", "x");
  g.outputs[0].name = "elsewhere";
  choose("yes", g, {});
  expect_refused("what its branch computes is not available");
}

TEST_F(import_branches, read_what_there_is) {
  truth("yes", true);
  choose("yes", of("Relu", "nowhere"), {});
  expect_refused("what its branch computes is not available");
}

TEST_F(import_branches, have_as_many_outputs) {
  truth("yes", true);
  choose("yes", {}, {});
  expect_refused("its branch does not fit it");
}

TEST_F(import_branches, hold_no_operators_that_are_not_available) {
  truth("yes", true);
  choose("yes", of("NonMaxSuppression", "x"), {});
  expect_refused("");
}

TEST_F(import_branches, may_not_depend_on_the_image) {
  number("zero", 0);
  add("Greater", {"x", "zero"}, "condition");
  choose("condition", of("Relu", "x"), of("Relu", "x"));
  expect_refused("depends on the image");
}

TEST_F(import_branches, nest_a_few_times_only) {
  truth("yes", true);
  onnx::graph g = of("Relu", "x");
  for (int i = 0; i < 20; ++i) {
    onnx::graph outer = of("If", "yes");
    outer.nodes[0].attributes["then_branch"].graph = [g] { return g; };
    g = outer;
  }
  choose("yes", g, {});
  expect_refused("nested more than 8 deep");
}

}  // namespace
}  // namespace salient
