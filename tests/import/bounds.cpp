// SPDX-License-Identifier: MIT

// Small files that would take much time, memory or stack: what grows with every node, or doubles.

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "import/importing.hpp"

namespace salient::test {
namespace {

class import_bounds : public importing {
 protected:
  import_bounds() {
    m_.ir_version = 8;
    m_.opsets[""] = 13;
    m_.graph.inputs = {{"x", 1, std::vector<std::int64_t>{1, 2, 4, 4}}};
  }

  onnx::node& add(const std::string& op, const words& inputs, const std::string& output,
                  const std::string& name = "") {
    onnx::node& n = m_.graph.nodes.emplace_back();
    n.op = op;
    n.name = name;
    n.inputs = inputs;
    n.outputs = {output};
    return n;
  }
  /// Each node reads what the one before wrote, as often as `reads`. The last output is the model's.
  void chain(const std::string& op, int count, const words& reads, std::string from = "x") {
    for (int i = 0; i < count; ++i) {
      const std::string to = from + "'" + std::to_string(i);
      words inputs;
      for (const std::string& r : reads) inputs.push_back(r == "*" ? last_.empty() ? from : last_ : r);
      add(op, inputs, to);
      last_ = to;
    }
    finish(last_);
  }
  void finish(const std::string& output) { m_.graph.outputs = {{output, 1, {}}}; }

  void constant(const std::string& name, const std::vector<std::int64_t>& values,
                std::vector<std::int64_t> extent = {}) {
    bytes& own = storage_.emplace_back();
    own.resize(8 * values.size());
    std::memcpy(own.data(), values.data(), own.size());
    if (extent.empty()) extent = {static_cast<std::int64_t>(values.size())};
    m_.graph.initialisers[name] = {
        .name = name, .dimensions = extent, .type = onnx::element::i64, .bytes = own};
  }
  void floats(const std::string& name, std::vector<std::int64_t> extent) {
    std::size_t count = 1;
    for (const std::int64_t n : extent) count *= static_cast<std::size_t>(n);
    m_.graph.initialisers[name] = {.name = name,
                                   .dimensions = extent,
                                   .type = onnx::element::f32,
                                   .bytes = storage_.emplace_back(4 * count)};
  }

  void expect_refused() { EXPECT_FALSE(ends()); }
  bool ends() {
    return survives(0, [&] { import_model(m_); });
  }

  onnx::model m_;
  std::deque<bytes> storage_;
  std::string last_;
};

TEST_F(import_bounds, sums_of_a_value_and_itself) {
  chain("Add", 60, {"*", "*"});
  ends();
}

TEST_F(import_bounds, products_of_a_value_and_itself) {
  chain("Mul", 3000, {"*", "*"});
  ends();
}

TEST_F(import_bounds, functions_in_each_other) {
  chain("Softplus", 3000, {"*"});
  EXPECT_TRUE(ends());
}

TEST_F(import_bounds, more_layers_than_any_network_has) {
  chain("Tanh", 50000, {"*"});
  expect_refused();
}

TEST_F(import_bounds, sums_with_the_input_in_each_other) {
  add("Relu", {"x"}, "r");
  last_ = "r";
  for (int i = 0; i < 1900; ++i) {
    add("Tanh", {last_}, "t" + std::to_string(i));
    add("Add", {"t" + std::to_string(i), "x"}, "s" + std::to_string(i));
    last_ = "s" + std::to_string(i);
  }
  finish(last_);
  ends();
}

TEST_F(import_bounds, gates_in_each_other) {
  for (int i = 0; i < 1000; ++i)
    add("Tanh", {i == 0 ? "x" : "t" + std::to_string(i - 1)}, "t" + std::to_string(i));
  last_ = "t999";
  for (int i = 999; i-- > 0;) {
    add("Mul", {last_, "t" + std::to_string(i)}, "p" + std::to_string(i));
    last_ = "p" + std::to_string(i);
  }
  finish(last_);
  expect_refused();  // no compiler takes as many joins in each other
}

TEST_F(import_bounds, functions_of_a_mean_in_each_other) {
  add("ReduceMean", {"x"}, "m").attributes["axes"].integers = {1};
  add("Sub", {"x", "m"}, "d");
  for (const std::string op : {"Softplus", "Mul", "Add"}) {
    last_ = "d";
    chain(op, 3000, op == "Softplus" ? words{"*"} : words{"*", "d"}, op);
    expect_refused();
  }
}

TEST_F(import_bounds, many_long_functions_of_a_mean) {
  add("ReduceMean", {"x"}, "m").attributes["axes"].integers = {1};
  last_ = "m";
  chain("Softplus", 198, {"*"});
  const std::string base = last_;
  for (int i = 0; i < 20000; ++i) {
    add("Softplus", {base}, "a" + std::to_string(i));
    add("Softplus", {"a" + std::to_string(i)}, "b" + std::to_string(i));
    add("Relu", {"b" + std::to_string(i)}, "c" + std::to_string(i));
  }
  words all;
  for (int i = 0; i < 20000; ++i) all.push_back("c" + std::to_string(i));
  add("Sum", all, "y");
  finish("y");
  expect_refused();
}

TEST_F(import_bounds, constants_for_each_channel_in_each_other) {
  floats("c", {2, 1, 1});
  chain("Mul", 3000, {"*", "c"});
  ends();
}

TEST_F(import_bounds, doubled_channels) {
  for (int i = 0; i < 40; ++i) {
    add("Concat", {i == 0 ? "x" : "c" + std::to_string(i - 1), i == 0 ? "x" : "c" + std::to_string(i - 1)},
        "c" + std::to_string(i))
        .attributes["axis"]
        .integer = 1;
  }
  finish("c39");
  expect_refused();
}

TEST_F(import_bounds, wider_and_wider_borders) {
  constant("pads", {0, 0, 1 << 23, 0, 0, 0, 1 << 23, 0});
  chain("Pad", 1000, {"*", "pads"});
  expect_refused();
}

TEST_F(import_bounds, more_and_more_axes) {
  constant("axes", {0, 1, 2, 3, 4});
  chain("Unsqueeze", 5000, {"*", "axes"});
  expect_refused();
}

TEST_F(import_bounds, a_constant_transposed_often) {
  floats("w", {2, 2, 1, 1});
  chain("Transpose", 50000, {"*"}, "w");
  add("Conv", {"x", last_}, "y");
  finish("y");
  expect_refused();
}

TEST_F(import_bounds, a_constant_passed_on_often) {
  constant("c", std::vector<std::int64_t>(100000, 1));
  constant("shape", {-1});
  chain("Reshape", 20000, {"*", "shape"}, "c");
  add("Add", {"x", last_}, "y");
  finish("y");
  expect_refused();
}

TEST_F(import_bounds, many_large_constants) {
  constant("shape", {1 << 21});
  for (int i = 0; i < 1000; ++i) add("ConstantOfShape", {"shape"}, "c" + std::to_string(i));
  for (int i = 0; i < 1000; ++i) {
    add("Add", {i == 0 ? "x" : "a" + std::to_string(i - 1), "c" + std::to_string(i)},
        "a" + std::to_string(i));
  }
  finish("a999");
  expect_refused();
}

TEST_F(import_bounds, doubled_constants) {
  constant("one", {1});
  last_ = "one";
  for (int i = 0; i < 60; ++i) {
    add("Concat", {last_, last_}, "c" + std::to_string(i)).attributes["axis"].integer = 0;
    last_ = "c" + std::to_string(i);
  }
  add("Add", {"x", last_}, "y");
  finish("y");
  expect_refused();
}

TEST_F(import_bounds, a_range_that_does_not_advance) {
  constant("start", {4000000000000000000}, {1});
  constant("end", {4000000000000000800}, {1});
  constant("step", {1}, {1});
  add("Range", {"start", "end", "step"}, "r");
  add("Add", {"x", "r"}, "y");
  finish("y");
  expect_refused();
}

TEST_F(import_bounds, modules_in_each_other) {
  std::string name;
  for (int i = 0; i < 100000; ++i) name += "/m" + std::to_string(i);
  floats("w", {2, 2, 1, 1});
  for (int i = 0; i < 50; ++i)
    add("Conv", {i == 0 ? "x" : "c" + std::to_string(i - 1), "w"}, "c" + std::to_string(i),
        name + std::to_string(i) + "/Conv");
  finish("c49");
  ends();
}

TEST_F(import_bounds, equal_blocks_in_thousands) {
  floats("w", {2, 2, 1, 1});
  last_ = "x";
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    add("Conv", {last_, "w"}, "c" + n, "/layer/" + n + "/conv/Conv");
    add("Relu", {"c" + n}, "r" + n, "/layer/" + n + "/Relu");
    add("Add", {"r" + n, last_}, "s" + n, "/layer/" + n + "/Add");
    last_ = "s" + n;
  }
  finish(last_);
  EXPECT_TRUE(ends());
}

TEST_F(import_bounds, dimensions_whose_product_overflows) {
  for (const std::vector<std::int64_t>& extent : std::vector<std::vector<std::int64_t>>{
           {0, std::int64_t{1} << 62, 4, 4}, {0, std::int64_t{1} << 40, std::int64_t{1} << 40, 1}}) {
    m_.graph.nodes.clear();
    floats("w", {1});
    m_.graph.initialisers["w"].dimensions = extent;
    m_.graph.initialisers["w"].bytes = {};
    add("Conv", {"x", "w"}, "y");
    finish("y");
    expect_refused();
  }
  for (const std::vector<std::int64_t>& extent :
       std::vector<std::vector<std::int64_t>>{{65536, 65536, 65536, 65536}, {1, 65536, 65536, 65536}}) {
    m_.graph.inputs[0].dimensions = extent;
    m_.graph.nodes.clear();
    add("Flatten", {"x"}, "y");
    expect_refused();
  }
}

}  // namespace
}  // namespace salient::test
