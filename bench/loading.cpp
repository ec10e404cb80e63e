// SPDX-License-Identifier: MIT
// Times what a program does before its first map: reading a file of weights, which the system has in memory
// already, beside reading its bytes alone; and loading it and making a map of gradients.

#include <cstdint>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

#include <benchmark/benchmark.h>

#include "measure.hpp"
#include "salient/io/file.hpp"
#include "salient/load.hpp"
#include "salient/method/gradients.hpp"
#include "salient/networks/efficientnet_lite.hpp"
#include "salient/networks/resnet.hpp"
#include "salient/networks/vgg.hpp"

namespace {

using namespace salient;

/// Weights of a network in a file that is removed at the end.
template <class Network>
class weight_file {
 public:
  explicit weight_file(const std::string& name)
      : path(std::filesystem::temp_directory_path() /
             (name + "-" + std::to_string(::getpid()) + ".safetensors")) {
    const std::vector<float> values(static_cast<std::size_t>(Network::parameter_layout.elements), 0.01f);
    write_safetensors(path, parameters_to(values, Network::parameter_table));
  }
  weight_file(const weight_file&) = delete;
  weight_file& operator=(const weight_file&) = delete;
  ~weight_file() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }

  std::int64_t bytes() const { return static_cast<std::int64_t>(std::filesystem::file_size(path)); }

  const std::filesystem::path path;
};

template <class Network>
const weight_file<Network>& file_of(const std::string& name) {
  static const weight_file<Network> file(name);
  return file;
}

template <class Network>
void bytes_alone(benchmark::State& state, const std::string& name) {
  const auto& file = file_of<Network>(name);
  std::vector<std::uint8_t> part(std::size_t{1} << 18);
  for (auto _ : state) {
    input_file in(file.path);
    while (in.read(part) == part.size()) benchmark::DoNotOptimize(part.data());
  }
  state.SetBytesProcessed(state.iterations() * file.bytes());
}

template <class Network, class D>
void load_only(benchmark::State& state, const std::string& name, const D& device) {
  const auto& file = file_of<Network>(name);
  for (auto _ : state) benchmark::DoNotOptimize(load<Network>(file.path, device));
  state.SetBytesProcessed(state.iterations() * file.bytes());
}

template <class Network, class D>
void first_map(benchmark::State& state, const std::string& name, const D& device) {
  const auto& file = file_of<Network>(name);
  const tensor image(Network::input_shape, 1, 0.5f);
  for (auto _ : state) {
    const auto model = load<Network>(file.path, device);
    benchmark::DoNotOptimize(gradients(model, image));
  }
}

template <class Network>
void add(const std::string& name) {
  const auto named = [&](const std::string& what, const auto& run) {
    benchmark::RegisterBenchmark((what + "/" + name).c_str(), run)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  };
  named("bytes", [name](benchmark::State& s) { bytes_alone<Network>(s, name); });
  bench::for_each_device([&](const auto& on) {
    named("load/" + on.name, [name, &d = on.device](benchmark::State& s) { load_only<Network>(s, name, d); });
    named("first_map/" + on.name,
          [name, &d = on.device](benchmark::State& s) { first_map<Network>(s, name, d); });
  });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  add<networks::efficientnet_lite0>("efficientnet_lite0");
  add<networks::resnet50>("resnet50");
  add<networks::vgg16>("vgg16");
  benchmark::RunSpecifiedBenchmarks();
}
