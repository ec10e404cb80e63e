// SPDX-License-Identifier: MIT
// Times whole passes of four networks, forward alone and forward and backward, on single images and in
// batches, with the peak of memory; and the gradients of eight classes of one image, side by side as far as
// the session has room.
#include <string>

#include <benchmark/benchmark.h>

#include "measure.hpp"
#include "memory.hpp"
#include "salient/graph/session.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"
#include "salient/method/gradients.hpp"
#include "salient/networks/efficientnet.hpp"
#include "salient/networks/mobilenet_v2.hpp"
#include "salient/networks/resnet.hpp"

namespace {

using namespace salient;

using digits = network<input<28, 28>, conv2d<16, 3>, relu, conv2d<32, 3>, relu, flatten, dense<10>>;

template <int Filters>
using convolution = conv2d<Filters, 3, with{.padding = padding::same}>;
using vgg_11 = network<input<224, 224, 3>, convolution<64>, relu, max_pool<2>, convolution<128>, relu,
                       max_pool<2>, convolution<256>, relu, convolution<256>, relu, max_pool<2>,
                       convolution<512>, relu, convolution<512>, relu, max_pool<2>, convolution<512>, relu,
                       convolution<512>, relu, max_pool<2>, global_avg_pool, dense<1000>>;

template <class Network, class Device>
model<Network, Device> filled_model(const Device& device) {
  constexpr auto elements = static_cast<std::size_t>(Network::parameter_layout.elements);
  return {device, parameters_to(std::vector<float>(elements, 0.01f), Network::parameter_table)};
}

template <class Network, class Pass, class Device>
void run(benchmark::State& state, const Device& device) {
  const long batch = state.range(0);
  const bench::memory_watch memory;
  const auto m = filled_model<Network>(device);
  session<model<Network, Device>, Pass> s(m, batch);
  const tensor images(Network::input_shape, batch, 0.5f);
  tensor map(Network::input_shape, batch);
  const std::vector<float> signal(static_cast<std::size_t>(batch * Network::classes), 1.0f);
  for (auto _ : state) {
    s.forward(images);
    if constexpr (Pass::backward) {
      s.write(s.signal(Network::scores), signal);
      s.template backward<gradient>(Network::scores, 0);
      s.read(s.signal(0), map.values);
    } else {
      benchmark::DoNotOptimize(s.scores().values.data());  // waits for them
    }
  }
  state.SetItemsProcessed(state.iterations() * batch);
  state.counters["workspace_MiB"] = static_cast<double>(Network::template memory<Pass>(batch)) / (1 << 20);
  state.counters["peak_MiB"] = memory.peak_mebibytes();
}

template <class Network, class Device>
void explain_eight(benchmark::State& state, const Device& device) {
  const auto m = filled_model<Network>(device);
  session<model<Network, Device>> s(m, state.range(0));
  const tensor image(Network::input_shape, 1, 0.5f);
  const std::vector<logit> classes{0, 1, 2, 3, 4, 5, 6, 7};
  explain_each(s, image, classes, methods::gradients{});  // touches the memory
  for (auto _ : state) benchmark::DoNotOptimize(explain_each(s, image, classes, methods::gradients{}));
}

template <class Network, class D>
void add_eight(const bench::subject<D>& on, const std::string& name) {
  benchmark::RegisterBenchmark(
      (name + "/eight_classes/" + on.name).c_str(),
      [&device = on.device](benchmark::State& s) { explain_eight<Network>(s, device); })
      ->Arg(1)
      ->Arg(2)
      ->Arg(4)
      ->Arg(8)
      ->ArgName("together")
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

template <class Network, class Pass, class D>
void add(const bench::subject<D>& on, const std::string& name, std::initializer_list<long> batches) {
  auto* b = benchmark::RegisterBenchmark(
      (name + "/" + on.name).c_str(),
      [&device = on.device](benchmark::State& s) { run<Network, Pass>(s, device); });
  for (const long batch : batches) b->Arg(batch);
  b->ArgName("batch")->UseRealTime()->Unit(benchmark::kMillisecond);
}

template <class D>
void add_all(const bench::subject<D>& on) {
  add<digits, pass::forward>(on, "digits/forward", {1, 8, 64});
  add<digits, pass::saliency<>>(on, "digits/saliency", {1, 8, 64});
  add<vgg_11, pass::forward>(on, "vgg_11/forward", {1});
  add<vgg_11, pass::saliency<>>(on, "vgg_11/saliency", {1});
  add<networks::resnet18, pass::saliency<>>(on, "resnet18/saliency", {1, 8});
  add<networks::mobilenet_v2, pass::saliency<>>(on, "mobilenet_v2/saliency", {1, 8});
  add_eight<digits>(on, "digits");
  add_eight<vgg_11>(on, "vgg_11");
  add_eight<networks::resnet18>(on, "resnet18");
  add_eight<networks::mobilenet_v2>(on, "mobilenet_v2");
  add_eight<networks::efficientnet_b0>(on, "efficientnet_b0");
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  bench::for_each_device([](const auto& on) { add_all(on); });
  benchmark::RunSpecifiedBenchmarks();
}
