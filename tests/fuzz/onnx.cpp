// SPDX-License-Identifier: MIT
#include "io/onnx/model.hpp"
#include "reader.hpp"

using namespace salient;

/// Takes all values. There are as many as the dimensions say, and none that is not finite.
void take(const onnx::tensor& t) {
  fuzz::require(t.absent.empty() || t.bytes.empty());
  fuzz::offer([&] { fuzz::require(t.floats().size() == t.count()); });
  fuzz::offer([&] { fuzz::require(t.integers().size() == t.count()); });
}

/// A model that is read without the weights it misses reads the same with them, if it misses none.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = fuzz::file_of({data, size});
  fuzz::offer([&] {
    std::shared_ptr<const void> storage;
    take(onnx::read_tensor(path, storage));
  });
  return fuzz::offer([&] {
    const onnx::model read = onnx::read_model(path, onnx::weights::optional);
    for (const auto& [name, t] : read.graph.initialisers) {
      fuzz::require(name == t.name);
      take(t);
    }
    for (const onnx::node& n : read.graph.nodes)
      for (const auto& [name, a] : n.attributes)
        if (a.value) take(*a.value);
    if (read.missing.empty())
      fuzz::offer([&] { fuzz::require(onnx::read_model(path).sha256 == read.sha256); });
  });
}
