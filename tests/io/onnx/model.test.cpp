// SPDX-License-Identifier: MIT
#include "io/onnx/model.hpp"

#include <thread>

#include <sys/stat.h>

#include "io/onnx/onnx_builder.hpp"
#include "io/sha256.hpp"

namespace salient::test {
namespace {

class onnx_model : public in_folder {
 protected:
  onnx::model read(const bytes& content) const { return onnx::read_model(save("m.onnx", content)); }

  void expect_refusal(const bytes& content, const words& expected) const {
    expect_error(path("m.onnx"), expected, [&] { read(content); });
  }
};

void expect_example(const onnx::model& found) {
  EXPECT_EQ(found.ir_version, 8);
  EXPECT_EQ(found.opsets, (std::map<std::string, std::int64_t>{{"", 17}}));
  EXPECT_FALSE(found.has_functions || found.training);
  EXPECT_TRUE(found.missing.empty());
  EXPECT_EQ(found.sha256, salient::detail::sha256(proto::example()));

  const onnx::graph& graph = found.graph;
  ASSERT_EQ(graph.nodes.size(), 2U);
  EXPECT_EQ(graph.nodes[0].op, "Gemm");
  EXPECT_EQ(graph.nodes[0].name, "fc");
  EXPECT_EQ(graph.nodes[0].inputs, (words{"x", "w", "b"}));
  EXPECT_EQ(graph.nodes[0].outputs, words{"h"});
  EXPECT_EQ(graph.nodes[1].metadata.at("scope"), "top");
  const auto& attributes = graph.nodes[0].attributes;
  ASSERT_EQ(attributes.size(), 7U);
  EXPECT_EQ(attributes.at("alpha").number, 0.5F);
  EXPECT_EQ(attributes.at("transB").integer, 1);
  EXPECT_EQ(attributes.at("mode").text, "max");
  EXPECT_EQ(attributes.at("pads").integers, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(attributes.at("scales").numbers, (std::vector<float>{1, 2}));
  EXPECT_EQ(attributes.at("names").texts, (words{"a", "b"}));
  EXPECT_EQ(attributes.at("value").value.value().integers(), (std::vector<std::int64_t>{3, -4}));
  EXPECT_FALSE(attributes.at("alpha").integer || attributes.at("alpha").text || attributes.at("alpha").graph);

  ASSERT_EQ(graph.initialisers.size(), 2U);
  EXPECT_EQ(graph.initialisers.at("w").floats(), (std::vector<float>{1, -2}));
  EXPECT_EQ(graph.initialisers.at("b").floats(), std::vector<float>{1});
  ASSERT_EQ(graph.inputs.size(), 1U);
  EXPECT_EQ(graph.inputs[0].name, "x");
  EXPECT_EQ(graph.inputs[0].type, 1);
  EXPECT_EQ(graph.inputs[0].dimensions, (std::vector<std::int64_t>{-1, 2}));
  ASSERT_EQ(graph.outputs.size(), 1U);
  EXPECT_EQ(graph.outputs[0].name, "y");
  EXPECT_EQ(graph.values.at("h").dimensions, (std::vector<std::int64_t>{-1, 1}));
}

TEST_F(onnx_model, a_whole_model) { expect_example(read(proto::example())); }

TEST_F(onnx_model, fields_that_are_not_known_are_skipped) {
  const bytes unknown =
      proto::number(100, 7) + proto::fixed32(101, 1) + proto::fixed64(102, 1) + proto::string(103, "later");
  onnx::model found = read(unknown + proto::example() + unknown);
  found.sha256 = salient::detail::sha256(proto::example());
  expect_example(found);
}

TEST_F(onnx_model, from_a_pipe) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread writer([&] {
    const bytes content = proto::example();
    std::ofstream(path("pipe"), std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  });
  expect_example(onnx::read_model(path("pipe")));
  writer.join();
}

TEST_F(onnx_model, bytes_outlive_the_model) {
  std::shared_ptr<const void> storage;
  onnx::tensor w, b;
  {
    const onnx::model found = read(proto::example());
    storage = found.storage;
    w = found.graph.initialisers.at("w");
    b = found.graph.initialisers.at("b");
  }
  EXPECT_EQ(w.floats().at(1), -2);
  EXPECT_EQ(b.floats().at(0), 1);
}

TEST_F(onnx_model, what_it_says_of_itself) {
  const onnx::model found =
      read(proto::string(2, "pytorch") + proto::string(3, "2.6") +
           proto::model({}, proto::opset(13, "ai.onnx") + proto::opset(1, "com.microsoft")) +
           proto::message(20, {}) + proto::message(25, {}));
  EXPECT_EQ(found.producer, "pytorch");
  EXPECT_EQ(found.producer_version, "2.6");
  EXPECT_EQ(found.opsets, (std::map<std::string, std::int64_t>{{"", 13}, {"com.microsoft", 1}}));
  EXPECT_TRUE(found.training);
  EXPECT_TRUE(found.has_functions);
}

TEST_F(onnx_model, versions) {
  EXPECT_EQ(read(proto::model({}, proto::opset(7), 3)).opsets.at(""), 7);
  EXPECT_EQ(read(proto::model({}, proto::opset(9999), 9999)).ir_version, 9999);
  EXPECT_EQ(read(proto::model({}, proto::opset(9) + proto::opset(9, "ai.onnx"))).opsets.size(), 1U);
  expect_refusal(proto::model({}, proto::opset(7), 2), {"has version 2 of the ONNX format", "expected 3"});
  expect_refusal(proto::message(7, {}) + proto::opset(7), {"states no version of the ONNX format"});
  expect_refusal(proto::model({}, proto::opset(6)), {"opset 6, expected 7"});
  expect_refusal(proto::model({}, proto::opset(-1)), {"opset -1, expected 7"});
  expect_refusal(proto::model({}, {}), {"no version of ONNX's operators"});
  expect_refusal(proto::model({}, proto::opset(1, "com.microsoft")), {"no version of ONNX's operators"});
  expect_refusal(proto::model({}, proto::opset(9) + proto::opset(10)), {"two versions", "ai.onnx"});
  expect_refusal(proto::number(1, 8) + proto::opset(17), {"no graph"});
  expect_refusal(proto::example() + proto::message(7, {}), {"two graphs"});
}

TEST_F(onnx_model, initialisers_are_no_inputs) {
  const onnx::model found = read(
      proto::model(proto::message(11, proto::value("w", {1})) + proto::message(11, proto::value("x", {1})) +
                       proto::message(5, proto::tensor("w", 1, {1}) + proto::fixed32(4, 1)),
                   proto::opset(8), 3));
  ASSERT_EQ(found.graph.inputs.size(), 1U);
  EXPECT_EQ(found.graph.inputs[0].name, "x");
}

TEST_F(onnx_model, values_of_other_kinds) {
  const bytes sequence = proto::string(1, "s") + proto::message(2, proto::message(4, {}));
  const bytes unranked = proto::string(1, "u") + proto::message(2, proto::message(1, proto::number(1, 7)));
  const bytes stated = proto::message(1, proto::number(1, -7)) + proto::message(1, {}) +
                       proto::message(1, proto::number(1, 0));
  const bytes odd = proto::string(1, "o") +
                    proto::message(2, proto::message(1, proto::number(1, 1) + proto::message(2, stated)));
  const onnx::graph graph =
      read(proto::model(proto::message(11, sequence) + proto::message(11, unranked) +
                        proto::message(11, odd) + proto::message(11, proto::value("z", {}))))
          .graph;
  ASSERT_EQ(graph.inputs.size(), 4U);
  EXPECT_EQ(graph.inputs[0].type, 0);
  EXPECT_FALSE(graph.inputs[0].dimensions);
  EXPECT_EQ(graph.inputs[1].type, 7);
  EXPECT_FALSE(graph.inputs[1].dimensions);
  EXPECT_EQ(graph.inputs[2].dimensions, (std::vector<std::int64_t>{-1, -1, 0}));
  EXPECT_EQ(graph.inputs[3].dimensions.value().size(), 0U);
}

TEST_F(onnx_model, names_occur_once) {
  const bytes w = proto::message(5, proto::tensor("w", 1, {1}) + proto::fixed32(4, 1));
  const auto relu = [](std::string_view out) {
    return proto::message(1, proto::node("Relu", {"x"}, {std::string(out)}));
  };
  expect_refusal(proto::model(w + w), {"two initialisers", "\"w\""});
  expect_refusal(proto::model(relu("y") + relu("y")), {"a node's output", "\"y\""});
  expect_refusal(proto::model(w + relu("w")), {"a node's output", "\"w\""});
  expect_refusal(proto::model(proto::message(11, proto::value("x", {})) + relu("x")),
                 {"a node's output", "\"x\""});
  expect_refusal(
      proto::model(proto::message(11, proto::value("x", {})) + proto::message(11, proto::value("x", {}))),
      {"an input", "\"x\""});
  expect_refusal(proto::model(proto::message(5, proto::tensor("", 1, {1}) + proto::fixed32(4, 1))),
                 {"no name"});
  EXPECT_EQ(read(proto::model(relu("") + relu(""))).graph.nodes.size(), 2U);
}

TEST_F(onnx_model, sparse_initialisers_are_refused) {
  expect_refusal(proto::model(proto::message(15, {})), {"sparse initialisers"});
}

TEST_F(onnx_model, nodes) {
  const auto with = [](const bytes& attributes) {
    return proto::model(proto::message(1, proto::node("Op", {"", "x"}, {}, attributes)));
  };
  const auto first = [&](const bytes& attributes) { return read(with(attributes)).graph.nodes.at(0); };
  EXPECT_EQ(first(proto::string(7, "ai.onnx")).domain, "");
  EXPECT_EQ(first(proto::string(7, "com.microsoft")).domain, "com.microsoft");
  EXPECT_EQ(first({}).inputs, (words{"", "x"}));

  // One by one; and the type's default, which proto3 leaves out.
  EXPECT_EQ(first(proto::attribute("a", 7, proto::numbers(8, {1, -1}))).attributes.at("a").integers,
            (std::vector<std::int64_t>{1, -1}));
  EXPECT_EQ(
      first(proto::attribute("a", 6, proto::fixed32(7, 1) + proto::fixed32(7, 2))).attributes.at("a").numbers,
      (std::vector<float>{1, 2}));
  EXPECT_EQ(first(proto::attribute("a", 1, {})).attributes.at("a").number, 0.0F);
  EXPECT_EQ(first(proto::attribute("a", 2, {})).attributes.at("a").integer, 0);
  EXPECT_EQ(first(proto::attribute("a", 3, {})).attributes.at("a").text, "");
  EXPECT_FALSE(
      first(proto::attribute("a", 2, proto::number(3, 1) + proto::fixed32(2, 0))).attributes.at("a").number);
  EXPECT_EQ(first(proto::attribute("a", 0, proto::number(3, 4))).attributes.at("a").integer, 4);
  EXPECT_TRUE(first(proto::attribute("a", 5, proto::message(6, text("ignored")))).attributes.at("a").graph);
  EXPECT_TRUE(first(proto::attribute("a", 10, proto::message(11, {}))).attributes.at("a").graph);

  const bytes one = proto::attribute("a", 2, proto::number(3, 1));
  expect_refusal(with(one + one), {"attribute \"a\" twice"});
  expect_refusal(with(proto::attribute("a", 1, proto::number(3, 1))), {"attribute \"a\" states type 1"});
  expect_refusal(with(proto::attribute("a", 99, proto::number(3, 1))), {"attribute \"a\" states type 99"});
  expect_refusal(with(proto::attribute("a", 2, proto::string(21, "b"))), {"attribute \"a\" refers"});
  expect_refusal(proto::model(proto::message(1, proto::string(3, "n"))), {"node \"n\" has no operator"});
}

}  // namespace
}  // namespace salient::test
