// SPDX-License-Identifier: MIT
#include "import/backend_test.hpp"

#include <algorithm>
#include <cstddef>

#include "salient/core/error.hpp"

namespace import_test {

namespace fs = std::filesystem;
namespace onnx = salient::onnx;

void bind(onnx::graph& g, const std::string& input, onnx::tensor value) {
  value.name = input;
  std::erase_if(g.inputs, [&](const onnx::value_info& v) { return v.name == input; });
  g.initialisers.insert_or_assign(input, std::move(value));
}

backend_test read_backend_test(const fs::path& folder, const std::string& name) {
  backend_test test{name, onnx::read_model(folder / name / "model.onnx"), {}};
  const std::vector<onnx::value_info> inputs = test.model.graph.inputs;
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    if (inputs[i].name.empty()) continue;
    const fs::path values = folder / name / "test_data_set_0" / ("input_" + std::to_string(i) + ".pb");
    bind(test.model.graph, inputs[i].name, onnx::read_tensor(values, test.storage.emplace_back()));
  }
  return test;
}

std::string unfit(const fs::path& folder, const std::string& name) {
  onnx::model m;
  try {
    m = onnx::read_model(folder / name / "model.onnx");
  } catch (const salient::error&) {
    return "types that are not read";
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
  return {};
}

std::vector<std::string> backend_tests(const fs::path& folder) {
  std::vector<std::string> names;
  for (const char* group : {"node", "pytorch-converted", "pytorch-operator", "simple"})
    for (const auto& entry : fs::directory_iterator(folder / group))
      names.push_back(std::string(group) + "/" + entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace import_test
