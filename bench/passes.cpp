// SPDX-License-Identifier: MIT
// Whole passes of two networks: the forward pass, and forward and backward, an image at a time and in
// batches.
#include <string>

#include <benchmark/benchmark.h>

#include "salient/graph/session.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"

namespace {

using namespace salient;

using digits = network<input<28, 28>, conv2d<16, 3>, relu, conv2d<32, 3>, relu, flatten, dense<10>>;

template <int Filters>
using convolution = conv2d<Filters, 3, 1, same>;
using vgg_11 = network<input<224, 224, 3>, convolution<64>, relu, max_pool<2>, convolution<128>, relu,
                       max_pool<2>, convolution<256>, relu, convolution<256>, relu, max_pool<2>,
                       convolution<512>, relu, convolution<512>, relu, max_pool<2>, convolution<512>, relu,
                       convolution<512>, relu, max_pool<2>, global_avg_pool, dense<1000>>;

template <class Network, class Pass, class Device>
void run(benchmark::State& state, const Device& device) {
  const long batch = state.range(0);
  constexpr auto& layout = Network::parameter_layout;
  const model<Network, Device> m(
      device,
      parameters_to(std::vector<float>(static_cast<std::size_t>(layout.elements), 0.01f), layout.places));
  session<model<Network, Device>, Pass> s(m, batch);
  const tensor images(Network::input_shape, batch, 0.5f);
  tensor map(Network::input_shape, batch);
  const std::vector<float> signal(static_cast<std::size_t>(batch * Network::classes), 1.0f);
  for (auto _ : state) {
    s.forward(images);  // returns when the scores are here
    if constexpr (Pass::backward) {
      s.write(s.signal(Network::scores), signal);
      s.template backward<gradient>(Network::scores, 0);
      s.read(s.signal(0), map.values);
    }
  }
  state.SetItemsProcessed(state.iterations() * batch);
  state.counters["bytes"] = static_cast<double>(Network::template memory<Pass>(batch));
}

const cpu one_thread;
const cpu_pool all_threads;

template <class Network, class Pass>
void add(const std::string& name, std::initializer_list<long> batches) {
  const auto on = [&](const auto& device) {
    auto* b = benchmark::RegisterBenchmark((name + "/" + std::string(device.name)).c_str(),
                                           [&](benchmark::State& s) { run<Network, Pass>(s, device); });
    for (const long batch : batches) b->Arg(batch);
    b->UseRealTime()->Unit(benchmark::kMillisecond);
  };
  on(one_thread);
  on(all_threads);
}

[[maybe_unused]] const bool added = (add<digits, pass::forward>("digits/forward", {1, 50}),
                                     add<digits, pass::saliency<>>("digits/saliency", {1, 50}),
                                     add<vgg_11, pass::forward>("vgg_11/forward", {1}),
                                     add<vgg_11, pass::saliency<>>("vgg_11/saliency", {1}), true);

}  // namespace
