// SPDX-License-Identifier: MIT

// How much memory an import takes: the file's own pages, and little else.

#include <cstdint>

#include <gtest/gtest.h>

#include "import/program.hpp"
#include "io/onnx/onnx_builder.hpp"

namespace import_test {
namespace {

namespace proto = salient::test::proto;
using salient::test::bytes;
using salient::test::operator+;

constexpr std::int64_t width = 4096;

/// Writes `size` bytes of small numbers, a part at a time, because a program's peak includes what its parent
/// has at the fork.
void write_weight(std::ofstream& to, std::int64_t size, const bytes& number) {
  bytes part;
  while (part.size() < 1 << 16) part.insert(part.end(), number.begin(), number.end());
  for (std::int64_t left = size; left > 0; left -= static_cast<std::int64_t>(part.size()))
    to.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(part.size()));
}

/// A model of one dense layer in TensorFlow's order. The weight's bytes come last in the file, or stand in
/// another one.
void write_dense(const std::filesystem::path& path, int type, const bytes& number, bool external) {
  const auto head = [](unsigned field, std::size_t length) {
    return proto::tag(field, 2) + proto::varint(length);
  };
  const std::int64_t size = width * width * static_cast<std::int64_t>(number.size());
  const auto inside = external ? 0 : static_cast<std::size_t>(size);
  bytes tensor = proto::tensor("w", type, {width, width});
  tensor = tensor + (external ? proto::external({{"location", "weight"}}) : head(9, inside));
  bytes graph = proto::message(1, proto::node("MatMul", {"x", "w"}, {"y"})) +
                proto::message(11, proto::value("x", {1, width})) +
                proto::message(12, proto::value("y", {1, width}));
  graph = graph + head(5, tensor.size() + inside) + tensor;
  const bytes model = proto::number(1, 8) + proto::opset(17) + head(7, graph.size() + inside) + graph;
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(model.data()), static_cast<std::streamsize>(model.size()));
  std::ofstream beside;
  if (external) beside.open(path.parent_path() / "weight", std::ios::binary);
  write_weight(external ? beside : file, size, number);
}

void expect_small(int type, const bytes& number, bool external) {
  const workshop here;
  write_dense(here / "dense.onnx", type, number, external);
  const ending e = here.run("import", {"dense.onnx", "--name", "net"});
  ASSERT_EQ(e.code, 0) << e.err;
  const auto read = static_cast<long>(width * width * static_cast<std::int64_t>(number.size()));
  EXPECT_LT(e.peak, read + read / 4 + (8 << 20));
  const auto written = std::filesystem::file_size(here / "net.safetensors");
  EXPECT_GT(written, static_cast<std::uintmax_t>(width * width) * sizeof(float));
}

TEST(import_program, holds_no_copy_of_a_weight_that_it_transposes) {
  expect_small(1, salient::test::raw<float>({0.5F}), false);
}

TEST(import_program, holds_no_copy_of_a_weight_of_halves) { expect_small(10, {0x00, 0x3c}, false); }

TEST(import_program, holds_no_copy_of_a_weight_in_another_file) {
  expect_small(1, salient::test::raw<float>({0.5F}), true);
}

}  // namespace
}  // namespace import_test
