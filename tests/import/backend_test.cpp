// SPDX-License-Identifier: MIT
#include "import/backend_test.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "salient/core/error.hpp"
#include "salient/io/file.hpp"

namespace import_test {

namespace fs = std::filesystem;
namespace onnx = salient::onnx;

void bind(onnx::graph& g, const std::string& input, onnx::tensor value) {
  value.name = input;
  std::erase_if(g.inputs, [&](const onnx::value_info& v) { return v.name == input; });
  g.initialisers.insert_or_assign(input, std::move(value));
}

namespace {

/// The model. The tests that PyTorch's first exporter wrote have opset 6, which the importer does not read.
/// Opset 7 differs from it in how sums and products broadcast, which none of the tests that are taken has, so
/// their number is raised.
onnx::model read_raised(const backend_folders& in, const std::string& name) {
  const fs::path path = in.suite / name / "model.onnx";
  std::vector<std::uint8_t> bytes = salient::input_file(path).read_up_to(std::size_t{1} << 30);
  static constexpr std::array<std::uint8_t, 4> opset_6{0x42, 2, 0x10, 6};
  if (bytes.size() < opset_6.size() || !std::ranges::equal(opset_6, std::span(bytes).last(opset_6.size())))
    return onnx::read_model(path);
  bytes.back() = 7;
  const fs::path copy = in.scratch / "raised.onnx";
  salient::write_file(copy, bytes);
  return onnx::read_model(copy);
}

bool broadcasts_as_opset_6(const onnx::graph& g) {
  return std::ranges::any_of(g.nodes, [](const onnx::node& n) {
    const bool may = n.op == "Add" || n.op == "Sub" || n.op == "Mul" || n.op == "Div" || n.op == "Pow";
    return may && n.attributes.contains("axis");
  });
}

}  // namespace

backend_test read_backend_test(const backend_folders& in, const std::string& name) {
  backend_test test{name, read_raised(in, name), {}};
  const std::vector<onnx::value_info> inputs = test.model.graph.inputs;
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    if (inputs[i].name.empty()) continue;
    const fs::path values = in.suite / name / "test_data_set_0" / ("input_" + std::to_string(i) + ".pb");
    bind(test.model.graph, inputs[i].name, onnx::read_tensor(values, test.storage.emplace_back()));
  }
  return test;
}

std::string unfit(const backend_folders& in, const std::string& name) {
  onnx::model m;
  try {
    m = read_raised(in, name);
  } catch (const salient::error&) {
    return "types or an opset that are not read";
  }
  const onnx::graph& g = m.graph;
  if (g.inputs.empty()) return "no input";
  if (g.outputs.empty() || g.outputs[0].type == 0) return "outputs that are no tensors";
  const onnx::value_info& image = g.inputs[0];
  if (image.type == 0 || std::ranges::any_of(g.inputs, [](const auto& v) { return v.type == 0; }))
    return "inputs that are no tensors";
  if (image.type != 1) return "a first input that is not float";
  const std::size_t rank = image.dimensions ? image.dimensions->size() : 0;
  if (rank != 2 && rank != 4) return "a first input of another rank than 2 or 4";
  if (g.outputs[0].type != 1) return "an output that is not float";
  if (broadcasts_as_opset_6(g)) return "sums as before opset 7";
  return {};
}

std::vector<std::string> backend_tests(const fs::path& suite) {
  std::vector<std::string> names;
  for (const char* group : {"node", "pytorch-converted", "pytorch-operator", "simple"})
    for (const auto& entry : fs::directory_iterator(suite / group))
      names.push_back(std::string(group) + "/" + entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace import_test
