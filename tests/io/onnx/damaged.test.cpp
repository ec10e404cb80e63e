// SPDX-License-Identifier: MIT

// Files that are cut short, altered, or no ONNX files at all.

#include <cstdint>
#include <exception>
#include <random>

#include "io/mutated.hpp"
#include "io/onnx/onnx_builder.hpp"

namespace salient::test {
namespace {

class onnx_damaged : public in_folder {
 protected:
  void expect_refusal(const bytes& content, const words& expected) const {
    const auto file = save("m.onnx", content);
    expect_error(file, expected, [&] { onnx::read_model(file); });
  }
};

/// Takes every value, so that a wrong span shows under the sanitizers. Gives those that should be finite.
std::vector<float> every_value(const onnx::model& read) {
  std::vector<float> result;
  const auto take = [&](const onnx::tensor& t) {
    if (!t.absent.empty()) return;
    EXPECT_EQ(t.bytes.size() % std::max<std::size_t>(t.count(), 1), 0U);
    message_of([&] {
      for (const float value : t.floats()) result.push_back(value);
    });
    message_of([&] { t.integers(); });
  };
  for (const auto& [name, t] : read.graph.initialisers) take(t);
  for (const auto& n : read.graph.nodes)
    for (const auto& [name, a] : n.attributes)
      if (a.value) take(*a.value);
  return result;
}

TEST_F(onnx_damaged, every_prefix_is_refused) {
  every_prefix_throws(
      proto::example(), [&](const bytes& content) { return save("m.onnx", content); },
      [](const auto& file) { onnx::read_model(file); });
}

TEST_F(onnx_damaged, every_flip_is_survived) {
  test::every_flip_is_survived(
      proto::example(), [&](const bytes& content) { return save("m.onnx", content); },
      [](const auto& file) { return every_value(onnx::read_model(file)); });
}

TEST_F(onnx_damaged, wire_types_are_checked) {
  const bytes as_number = proto::number(1, 1);
  const auto in_graph = [](const bytes& content) { return proto::model(content); };
  const auto in_node = [&](const bytes& content) { return in_graph(proto::message(1, content)); };
  const auto in_tensor = [&](const bytes& content) { return in_graph(proto::message(5, content)); };
  const auto in_attribute = [&](const bytes& content) { return in_node(proto::message(5, content)); };
  const auto in_value = [&](const bytes& content) { return in_graph(proto::message(11, content)); };
  const std::vector<bytes> numbers_as_text = {
      proto::string(1, "8"),
      proto::message(8, proto::string(2, "7")),
      in_tensor(proto::string(2, "1")),
      in_tensor(proto::string(14, "1")),
      in_attribute(proto::string(3, "1")),
      in_attribute(proto::string(20, "1")),
      in_value(proto::message(2, proto::message(1, proto::string(1, "1"))))};
  for (const bytes& content : numbers_as_text) expect_refusal(content, {"has wire type 2"});

  std::vector<bytes> texts_as_number;
  for (const unsigned field : {2U, 3U, 7U, 8U, 20U, 25U}) texts_as_number.push_back(proto::number(field, 1));
  for (const unsigned field : {1U, 5U, 11U, 12U, 13U})
    texts_as_number.push_back(in_graph(proto::number(field, 1)));
  for (const unsigned field : {1U, 2U, 3U, 4U, 5U, 7U, 9U})
    texts_as_number.push_back(in_node(proto::number(field, 1)));
  for (const unsigned field : {4U, 6U, 8U, 9U, 10U, 13U})
    texts_as_number.push_back(in_tensor(proto::number(field, 1)));
  for (const unsigned field : {1U, 2U, 4U, 5U, 6U, 7U, 9U, 11U, 21U})
    texts_as_number.push_back(in_attribute(proto::number(field, 1)));
  for (const unsigned field : {1U, 2U}) texts_as_number.push_back(in_value(proto::number(field, 1)));
  for (const bytes& content : texts_as_number) expect_refusal(content, {"has wire type 0"});

  for (const unsigned field : {1U, 5U, 7U, 11U})
    expect_refusal(in_tensor(proto::fixed64(field, 1)), {"wire type 1"});
  expect_refusal(in_tensor(proto::fixed32(10, 1)), {"wire type 5"});
  expect_refusal(in_attribute(proto::fixed64(2, 1)), {"wire type 1"});
}

TEST_F(onnx_damaged, bytes_that_are_no_protobuf) {
  const words broken = {"is no ONNX file, or not a whole one", "from byte "};
  expect_refusal(bytes(100, 0), broken);      // field 0
  expect_refusal(proto::tag(50, 3), broken);  // a group
  expect_refusal(proto::tag(50, 7), broken);  // no wire type
  expect_refusal(bytes(20, 0xff), broken);    // an endless number
  expect_refusal(proto::tag(1, 0) + bytes(11, 0x80), broken);
  expect_refusal(proto::tag(50, 0) + bytes(11, 0x80), broken);
  for (const std::uint64_t length : {1ULL, 1ULL << 31, (1ULL << 32) + 1, ~0ULL})
    for (const unsigned field : {2U, 7U, 50U})
      expect_refusal(proto::tag(field, 2) + proto::varint(length) + bytes(length == 1 ? 0 : 1, 8), broken);
  expect_refusal(proto::model(proto::message(5, proto::message(4, bytes(5)))), broken);
  expect_refusal(proto::model(proto::message(5, proto::message(7, {0x80}))), broken);
  expect_refusal(proto::model(proto::message(1, proto::tag(5, 2) + proto::varint(9))),
                 {"a node cannot be read"});
}

TEST_F(onnx_damaged, nesting_is_not_followed) {
  bytes graph;
  for (int i = 0; i < 1000; ++i)
    graph = proto::message(
        1, proto::node("If", {}, {}, proto::attribute("then_branch", 5, proto::message(6, graph))));
  const auto file = save("m.onnx", proto::model(graph));
  EXPECT_TRUE(onnx::read_model(file).graph.nodes.at(0).attributes.at("then_branch").graph);
}

TEST_F(onnx_damaged, other_files_are_told_as_what_they_are) {
  expect_refusal({}, {"is empty, expected an ONNX model"});
  expect_refusal(text("\x89PNG\r\n\x1a\n...."), {"is a PNG, expected an ONNX model"});
  expect_refusal(text("PK\3\4..............."), {"is a ZIP archive", "PyTorch"});
  expect_refusal(text("version https://git-lfs.github.com/spec/v1\noid sha256:0"),
                 {"Git LFS", "git lfs pull"});
  expect_refusal(text("<!DOCTYPE html>"), {"is a web page"});
  expect_refusal(text("\n <html>"), {"is a web page"});
  expect_refusal(little_endian(2, 8) + text("{}"), {"is a safetensors file"});
  expect_refusal(little_endian(28, 4) + text("TFL3") + bytes(30), {"is a TensorFlow Lite model"});
  expect_refusal(text("\x89HDF\r\n\x1a\n"), {"HDF5"});
  expect_error(path("none"), {"no such file"}, [&] { onnx::read_model(path("none")); });
  expect_error(path(""), {"is a folder"}, [&] { onnx::read_model(path("")); });
  const auto file = save("t.pb", text("GIF89a"));
  std::shared_ptr<const void> kept;
  expect_error(file, {"is a GIF, expected a tensor of ONNX"}, [&] { onnx::read_tensor(file, kept); });
}

TEST_F(onnx_damaged, files_longer_than_a_protobuf_are_refused_unread) {
  const auto file = save("m.onnx", {});
  std::filesystem::resize_file(file, std::uintmax_t{1} << 31);  // sparse
  expect_error(file, {"longer than the 2 GB"}, [&] { onnx::read_model(file); });
}

TEST_F(onnx_damaged, ten_thousand_mutations) {
  const bytes placed = proto::model(proto::message(
      5, proto::tensor("w", 1, {2}) + proto::external({{"location", "w.bin"}, {"offset", "4"}})));
  save("w.bin", bytes(12));
  const bytes listed = proto::model(proto::message(11, proto::value("w", {1})) +
                                        proto::message(5, proto::tensor("w", 1, {1}) + proto::fixed32(4, 1)),
                                    proto::opset(8), 3);
  std::vector<bytes> sound = {proto::example(), placed, listed};
  const std::size_t small = sound.size();
  for (const char* name : {"mnist-8.onnx", "resnet8_q.tflite.onnx"})
    if (const auto file = std::filesystem::path(SALIENT_TEST_ONNX) / name; std::filesystem::exists(file))
      sound.push_back(content(file));

  std::mt19937 random(1);
  int read = 0;
  for (int i = 0; i < 10000; ++i) {
    // One in ten is a large one.
    const std::size_t which = i % 10 == 0 ? random() % sound.size() : random() % small;
    const auto file = save("m.onnx", mutated(sound[which], random));
    try {
      const auto message = message_of([&] {
        every_value(onnx::read_model(file, i % 2 == 0 ? onnx::weights::needed : onnx::weights::optional));
        ++read;
      });
      if (message) {
        EXPECT_TRUE(message->starts_with(file.string() + ": ")) << *message;
        EXPECT_EQ(message->find('\n'), std::string::npos) << *message;
        EXPECT_NE(message->find("; "), std::string::npos) << *message;
      }
    } catch (const std::exception& e) {
      FAIL() << "mutation " << i << ": " << e.what();
    }
  }
  EXPECT_GT(read, 1000);
  EXPECT_LT(read, 9000);
}

}  // namespace
}  // namespace salient::test
