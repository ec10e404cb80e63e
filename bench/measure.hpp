// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <type_traits>
#include <vector>

#include <benchmark/benchmark.h>

#ifdef SALIENT_WITH_CUDA
#include "device_timer.hpp"
#endif
#include "peak.hpp"
#include "salient/core/error.hpp"
#include "salient/device/buffer.hpp"
#include "salient/device/cpu.hpp"
#include "salient/device/gpu.hpp"

namespace bench {

/// A device with its name in the results and its peaks: GFLOP/s, and the GB/s of its memory. They are 0 where
/// none is known.
template <class D>
struct subject {
  const D& device;
  std::string name;
  double peak = 0;
  double bandwidth = 0;
};

/// The peak of one or two threads, measured once per run.
inline double peak_of(int threads) {
  static const double one = measured_peak(1), two = measured_peak(2);
  return threads == 1 ? one : two;
}

/// Calls add(subject) for every available device. Add new devices here.
template <class F>
void for_each_device(const F& add) {
  static const salient::cpu one, one_by_sums(salient::implementation::direct);
  static const salient::cpu_pool pool_of_one(1), pool_of_two(2);
  add(subject<salient::cpu>{one, "cpu", peak_of(1)});
  add(subject<salient::cpu>{one_by_sums, "cpu_direct", peak_of(1)});
  add(subject<salient::cpu_pool>{pool_of_one, "cpu_pool_1", peak_of(1)});
  add(subject<salient::cpu_pool>{pool_of_two, "cpu_pool_2", peak_of(2)});
#ifdef SALIENT_WITH_CUDA
  try {
    static const salient::gpu card;
    const card_peak peak = peak_of(card);
    benchmark::AddCustomContext("gpu", card.product() + ", " + std::to_string(peak.gflops) + " GFLOP/s, " +
                                           std::to_string(peak.gigabytes) + " GB/s");
    add(subject<salient::gpu>{card, "gpu", peak.gflops, peak.gigabytes});
    static const salient::gpu rounding(0, salient::precision::tf32);
    add(subject<salient::gpu>{rounding, "gpu_tf32", peak.tf32_gflops, peak.gigabytes});
  } catch (const salient::error& none) {
    benchmark::AddCustomContext("no gpu", none.what());
  }
#endif
}

/// Prints the measured peaks above the results.
inline void tell_peaks() {
  for (const int threads : {1, 2})
    benchmark::AddCustomContext(
        "peak GFLOP/s of " + std::to_string(threads) + (threads == 1 ? " thread" : " threads"),
        std::to_string(peak_of(threads)));
  benchmark::AddCustomContext("instruction set", peak_instruction_set());
}

/// A buffer in the device's memory, filled with one value.
template <class D, class T = float>
salient::buffer<T, D> filled(const D& device, long size, T value = T(0.5)) {
  salient::buffer<T, D> b(device, static_cast<std::size_t>(size));
  b.upload(std::vector<T>(b.size(), value));
  return b;
}

/// Work of one call of a kernel.
struct work {
  double operations = 0;  ///< floating-point operations; a multiply-add counts as two
  double bytes = 0;       ///< memory traffic, each operand counted once
};

#ifdef SALIENT_WITH_CUDA
/// Times `kernel` on a GPU by events around as many launches as fill some 200 us, so that the host is ahead
/// of the card.
template <class F>
void measure_on_card(benchmark::State& state, const subject<salient::gpu>& on, const work& w,
                     const F& kernel) {
  device_timer timer(on.device);
  const auto seconds = [&](long launches) {
    timer.start();
    for (long i = 0; i < launches; ++i) kernel();
    timer.stop();
    return timer.seconds() / static_cast<double>(launches);
  };
  seconds(2);
  const long launches = std::clamp(static_cast<long>(2e-4 / seconds(2)), 1L, 100L);
  double all = 0;
  for (auto _ : state) {
    const double one = seconds(launches);
    state.SetIterationTime(one);
    all += one;
  }
  const double billionths = 1e-9 * static_cast<double>(state.iterations()) / all;
  state.counters["GB/s"] = w.bytes * billionths;
  if (on.bandwidth > 0) state.counters["%bandwidth"] = 100 * w.bytes * billionths / on.bandwidth;
  if (w.operations == 0) return;
  state.counters["GFLOP/s"] = w.operations * billionths;
  if (on.peak > 0) state.counters["%peak"] = 100 * w.operations * billionths / on.peak;
}
#endif

/// Whether `measure` gives google benchmark the time of an iteration, in place of its own clock.
template <class D>
inline constexpr bool has_own_clock = std::is_same_v<D, salient::gpu>;

/// Times `kernel`: on a GPU by its own events, elsewhere until a value of the result has been read.
template <class D, class T, class F>
void measure(benchmark::State& state, const subject<D>& on, const salient::buffer<T, D>& result,
             const work& w, const F& kernel) {
#ifdef SALIENT_WITH_CUDA
  if constexpr (has_own_clock<D>) return measure_on_card(state, on, w, kernel);
#endif
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
