// SPDX-License-Identifier: MIT

// Times every kernel at the shapes of the digit classifiers, VGG-16 and ResNet-50. Reports time, and GFLOP/s
// with the share of the peak, or GB/s for memory-bound kernels.

#include <benchmark/benchmark.h>

#include "convolution.hpp"
#include "elementwise.hpp"
#include "measure.hpp"
#include "pools.hpp"
#include "shapes.hpp"

namespace {

using namespace bench;

template <class D, class F>
void add_one(const char* kernel, const problem& p, long batch, const subject<D>& on, const F& run) {
  std::string name = std::string(kernel) + "/" + p.name;
  if (batch > 1) name += "/batch_" + std::to_string(batch);
  auto* const added =
      benchmark::RegisterBenchmark((name + "/" + on.name).c_str(), [=](benchmark::State& state) {
        problem many = p;
        many.batch = batch;
        run(state, on, many);
      });
  if (has_own_clock<D>)
    added->UseManualTime()->Iterations(50);  // of some 200 us; filling the operands takes longer
  else
    added->UseRealTime();
}

work work_of(const problem& p) { return {.operations = p.operations(), .bytes = p.bytes()}; }

template <class D>
void add_convolution(const problem& p, long batch, const subject<D>& on) {
  add_one("conv", p, batch, on, [](benchmark::State& state, const subject<D>& on, const problem& p) {
    convolution<D> c(on.device, p);
    measure(state, on, c.y(), work_of(p), [&] { c.forward(); });
  });
  add_one("conv_input_gradient", p, batch, on,
          [](benchmark::State& state, const subject<D>& on, const problem& p) {
            convolution<D> c(on.device, p);
            measure(state, on, c.x(), work_of(p), [&] { c.input_gradient(); });
          });
  add_one("conv_weight_gradient", p, batch, on,
          [](benchmark::State& state, const subject<D>& on, const problem& p) {
            convolution<D> c(on.device, p);
            measure(state, on, c.weight(), work_of(p), [&] { c.weight_gradient(); });
          });
}

template <class D>
void add_all(const subject<D>& on) {
  for (const problem& p : mnist_convolutions)
    for (const long batch : {1, 64}) add_convolution(p, batch, on);
  // A card has more multiplying units than a layer for one image keeps busy.
  const std::vector<long> batches = has_own_clock<D> ? std::vector<long>{1, 8} : std::vector<long>{1};
  for (const long batch : batches) {
    for (const problem& p : vgg_convolutions) add_convolution(p, batch, on);
    for (const problem& p : resnet_convolutions) add_convolution(p, batch, on);
  }
  for (const problem& p : grouped_convolutions) add_convolution(p, 1, on);
  for (const problem& p : small_convolutions) add_convolution(p, 1, on);
  for (const problem& p : pools)
    for_each_pool<D>([&](const char* kernel, auto run) { add_one(kernel, p, 1, on, run); });
  for (const problem& p : maps)
    for_each_elementwise<D>([&](const char* kernel, auto run) { add_one(kernel, p, 1, on, run); });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  tell_peaks();
  for_each_device([](const auto& on) { add_all(on); });
  benchmark::RunSpecifiedBenchmarks();
}
