// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "peak.hpp"
#include "salient/device/buffer.hpp"
#include "salient/device/cpu.hpp"

namespace bench {

/// A device as the benchmarks see it: what its rows are called, and GFLOP/s of which shares are told, or 0
/// where no peak can be measured.
template <class D>
struct subject {
  const D& device;
  std::string name;
  double peak = 0;
};

/// The peak of this many threads, measured once in a run.
inline double peak_of(int threads) {
  static const double one = measured_peak(1), two = measured_peak(2);
  return threads == 1 ? one : two;
}

/// Calls add(subject) for every device that is there: where a new device joins every benchmark.
template <class F>
void for_each_device(const F& add) {
  static const salient::cpu one;
  static const salient::cpu_pool pool_of_one(1), pool_of_two(2);
  add(subject<salient::cpu>{one, "cpu", peak_of(1)});
  add(subject<salient::cpu_pool>{pool_of_one, "cpu_pool_1", peak_of(1)});
  add(subject<salient::cpu_pool>{pool_of_two, "cpu_pool_2", peak_of(2)});
}

/// Puts the peaks above the results.
inline void tell_peaks() {
  for (const int threads : {1, 2})
    benchmark::AddCustomContext(
        "peak GFLOP/s of " + std::to_string(threads) + (threads == 1 ? " thread" : " threads"),
        std::to_string(peak_of(threads)));
  benchmark::AddCustomContext("instruction set", peak_instruction_set());
}

/// `size` values in a device's memory, all the same.
template <class D, class T = float>
salient::buffer<T, D> filled(const D& device, long size, T value = T(0.5)) {
  salient::buffer<T, D> b(device, static_cast<std::size_t>(size));
  b.upload(std::vector<T>(b.size(), value));
  return b;
}

/// What a kernel does each time it is called.
struct work {
  double operations = 0;  ///< floating-point operations, a multiply-add counting as two
  double bytes = 0;       ///< read and written, each once
};

/// Times `kernel`, and waits for it: reading one value of its result back does, on a device that only
/// enqueues.
template <class D, class T, class F>
void measure(benchmark::State& state, const subject<D>& on, const salient::buffer<T, D>& result,
             const work& w, const F& kernel) {
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    kernel();
    T last;
    result.download({&last, 1});
    benchmark::DoNotOptimize(last);
  }
  const std::chrono::duration<double> all = std::chrono::steady_clock::now() - start;
  const double billionths = 1e-9 * static_cast<double>(state.iterations()) / all.count();
  if (w.operations > 0) {
    state.counters["GFLOP/s"] = w.operations * billionths;
    if (on.peak > 0) state.counters["%peak"] = 100 * w.operations * billionths / on.peak;
  } else {
    state.counters["GB/s"] = w.bytes * billionths;
  }
}

}  // namespace bench
