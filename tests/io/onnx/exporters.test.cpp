// SPDX-License-Identifier: MIT

// Files that exporters wrote: PyTorch's two, tf2onnx, paddle2onnx and CNTK.

#include <set>

#include "io/onnx/onnx_builder.hpp"

namespace salient::test {
namespace {

std::vector<std::filesystem::path> files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  if (std::filesystem::is_directory(folder))
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".onnx") found.push_back(entry.path());
  return found;
}

const std::filesystem::path folder = SALIENT_TEST_ONNX;
const std::string skip_reason =
    "no models in " + folder.string() + "; name their folder with -DSALIENT_TEST_ONNX=";

/// What the graph uses is there: inputs, initialisers, or outputs of earlier nodes.
void expect_complete(const onnx::model& read) {
  std::set<std::string> known = {""};
  for (const auto& input : read.graph.inputs) known.insert(input.name);
  for (const auto& [name, t] : read.graph.initialisers) known.insert(name);
  for (const auto& n : read.graph.nodes) {
    for (const auto& input : n.inputs) EXPECT_TRUE(known.contains(input)) << input;
    known.insert(n.outputs.begin(), n.outputs.end());
  }
  for (const auto& output : read.graph.outputs) EXPECT_TRUE(known.contains(output.name)) << output.name;
  EXPECT_EQ(read.graph.inputs.size(), 1U);
  EXPECT_EQ(read.graph.outputs.size(), 1U);
  EXPECT_FALSE(read.producer.empty());
  EXPECT_EQ(read.sha256.size(), 64U);
}

void expect_values(const onnx::tensor& t) {
  EXPECT_EQ(t.absent, "");
  EXPECT_EQ(t.floats().size(), t.count()) << t.name;
}

TEST(onnx_exporters, whole_models) {
  const auto models = files(folder);
  if (models.empty()) GTEST_SKIP() << skip_reason;
  for (const auto& file : models) {
    SCOPED_TRACE(file.filename().string());
    const onnx::model read = onnx::read_model(file);
    expect_complete(read);
    EXPECT_TRUE(read.missing.empty());
    std::size_t parameters = 0;
    for (const auto& [name, t] : read.graph.initialisers) {
      expect_values(t);
      parameters += t.count();
    }
    for (const auto& n : read.graph.nodes)
      for (const auto& [name, a] : n.attributes)
        if (a.value) {
          expect_values(*a.value);
          parameters += a.value->count();
        }
    EXPECT_GT(parameters, 5000U);
  }
}

TEST(onnx_exporters, graphs_without_weights) {
  const auto models = files(folder / "graphs");
  if (models.empty()) GTEST_SKIP() << skip_reason;
  for (const auto& file : models) {
    SCOPED_TRACE(file.filename().string());
    const onnx::model read = onnx::read_model(file, onnx::weights::optional);
    expect_complete(read);
    EXPECT_FALSE(read.missing.empty());
    for (const auto& [name, sentence] : read.missing)
      EXPECT_EQ(read.graph.initialisers.at(name).absent, sentence);
    for (const auto& [name, t] : read.graph.initialisers)
      if (!read.missing.contains(name)) expect_values(t);
    expect_error(file, {"cannot be found"}, [&] { onnx::read_model(file); });
  }
}

}  // namespace
}  // namespace salient::test
