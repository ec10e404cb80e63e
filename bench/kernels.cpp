// SPDX-License-Identifier: MIT
// Convolutions and pools of the sizes that MNIST's classifiers and VGG-16 have: time, and GFLOP/s where it
// counts.
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include "salient/device/buffer.hpp"
#include "salient/kernel/conv.hpp"
#include "salient/kernel/pool.hpp"

namespace {

using namespace salient;

struct problem {
  const char* name;
  shape in, out;
  window w;
  long batch;
};

constexpr window three{3, 3, 1, 1, 0, 0}, three_same{3, 3, 1, 1, 1, 1};
constexpr problem convolutions[] = {
    {"mnist_1", {28, 28, 1}, {26, 26, 16}, three, 1},
    {"mnist_2", {26, 26, 16}, {24, 24, 32}, three, 1},
    {"mnist_2_of_50", {26, 26, 16}, {24, 24, 32}, three, 50},
    {"mnist_dense_of_50", {1, 1, 18432}, {1, 1, 10}, {}, 50},
    {"vgg_1_2", {224, 224, 64}, {224, 224, 64}, three_same, 1},
    {"vgg_3_2", {56, 56, 256}, {56, 56, 256}, three_same, 1},
    {"vgg_5_1", {14, 14, 512}, {14, 14, 512}, three_same, 1},
};
constexpr problem pools[] = {
    {"mnist", {24, 24, 32}, {12, 12, 32}, {2, 2, 2, 2, 0, 0}, 1},
    {"vgg_1", {224, 224, 64}, {112, 112, 64}, {2, 2, 2, 2, 0, 0}, 1},
};

template <class D>
buffer<float, D> filled(const D& device, long size) {
  buffer<float, D> b(device, static_cast<std::size_t>(size));
  b.upload(std::vector<float>(b.size(), 0.5f));
  return b;
}

/// Runs `kernel` and waits for it: reading one value back does, on a device that only enqueues.
template <class D, class F>
void measure(benchmark::State& state, const buffer<float, D>& result, double operations, const F& kernel) {
  for (auto _ : state) {
    kernel();
    float last;
    result.download({&last, 1});
    benchmark::DoNotOptimize(last);
  }
  if (operations > 0)
    state.counters["GFLOP/s"] =
        benchmark::Counter(operations * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

template <class D>
void add(const D& device) {
  const auto named = [&](const char* kernel, const problem& p) {
    return std::string(kernel) + "/" + p.name + "/" + std::string(D::name);
  };
  for (const problem& p : convolutions) {
    const long depth = p.w.area() * p.in.channels;
    const double operations = 2.0 * static_cast<double>(p.batch * p.out.elements() * depth);
    const auto run = [&device, p, depth, operations](benchmark::State& state, auto kernel, long results,
                                                     long scratch) {
      const auto x = filled(device, p.batch * p.in.elements()),
                 dy = filled(device, p.batch * p.out.elements()),
                 weight = filled(device, depth * p.out.channels), bias = filled(device, p.out.channels);
      auto result = filled(device, results), room = filled(device, scratch);
      measure(state, result, operations, [&] { kernel(x, dy, weight, bias, result, room); });
    };
    const long scratch = kernel::conv_scratch(p.w, p.in, p.out, p.batch);
    benchmark::RegisterBenchmark(named("conv", p).c_str(), [=, &device](benchmark::State& state) {
      run(
          state,
          [&](auto& x, auto&, auto& weight, auto& bias, auto& y, auto& room) {
            kernel::conv(device, p.batch, p.w, p.in, p.out, x.data(), weight.data(), bias.data(), y.data(),
                         room.data());
          },
          p.batch * p.out.elements(), scratch);
    })->UseRealTime();
    benchmark::RegisterBenchmark(named("conv_input_gradient", p).c_str(), [=,
                                                                           &device](benchmark::State& state) {
      run(
          state,
          [&](auto&, auto& dy, auto& weight, auto&, auto& dx, auto& room) {
            kernel::conv_input_gradient(device, p.batch, p.w, p.in, p.out, dy.data(), weight.data(),
                                        dx.data(), room.data());
          },
          p.batch * p.in.elements(), scratch);
    })->UseRealTime();
    benchmark::RegisterBenchmark(named("conv_weight_gradient", p).c_str(), [=, &device](
                                                                               benchmark::State& state) {
      run(
          state,
          [&](auto& x, auto& dy, auto&, auto&, auto& dweight, auto& room) {
            kernel::conv_weight_gradient(device, p.batch, p.w, p.in, p.out, x.data(), dy.data(),
                                         dweight.data(), static_cast<float*>(nullptr), room.data());
          },
          depth * p.out.channels, kernel::conv_gradient_scratch(p.w, p.in, p.out, p.batch));
    })->UseRealTime();
  }
  for (const problem& p : pools)
    benchmark::RegisterBenchmark(named("max_pool", p).c_str(), [p, &device](benchmark::State& state) {
      const auto x = filled(device, p.batch * p.in.elements());
      auto y = filled(device, p.batch * p.out.elements());
      buffer<int, D> switches(device, y.size());
      measure(state, y, 0, [&] {
        kernel::max_pool(device, p.batch, p.w, p.in, p.out, x.data(), y.data(), switches.data(), true);
      });
    })->UseRealTime();
}

const cpu one_thread;
const cpu_pool all_threads;

[[maybe_unused]] const bool added = (add(one_thread), add(all_threads), true);

}  // namespace
