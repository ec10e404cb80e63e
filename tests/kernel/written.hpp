// SPDX-License-Identifier: MIT
#pragma once

// Checks of kernels that write an output with an epilogue.

#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/direct/direct.hpp"
#include "kernel/epilogues.hpp"
#include "kernel/instruction_sets.hpp"
#include "salient/device/cpu.hpp"

namespace salient::kernel {

struct extent_case {
  shape extent;
  long batch;
  int beside;
};

// Less than a vector or a byte; several vectors; rows without gaps; slices.
inline constexpr extent_case extents[] = {{{1, 1, 1}, 1, 0},    {{3, 5, 1}, 2, 0},  {{4, 3, 7}, 2, 0},
                                          {{5, 4, 16}, 3, 0},   {{2, 3, 64}, 2, 0}, {{3, 2, 150}, 1, 0},
                                          {{1, 1, 1000}, 2, 0}, {{4, 5, 19}, 2, 3}, {{3, 3, 32}, 2, 8}};

/// Calls body(extent, kind) for all combinations of extents and epilogues.
template <class F>
void for_each_case(const F& body) {
  for (const extent_case& at : extents)
    for (const epilogue_kind& kind : epilogue_kinds) {
      SCOPED_TRACE(std::string(kind.name) + " of " + std::to_string(at.extent.channels) + " channels");
      body(at, kind);
    }
}

/// Calls check(device, T{}) for every device and scalar.
template <class F>
void on_every_device(const F& check) {
  check(cpu{}, double{});
  check(cpu_pool(3), double{});
  check(cpu_pool(3, implementation::eigen), float{});
  by_each_instruction_set([&] { check(cpu{}, float{}); });
}

/// kernel(device, epilogue, y) writes the epilogue of `results`; `in_parts`, run in any number of parts,
/// writes the same bits.
template <class T, class D, class F, class G>
void expect_written(const D& device, const extent_case& at, shape written, const epilogue_kind& kind,
                    const std::vector<double>& results, const F& kernel, const G& in_parts) {
  const auto fresh = [&] { return maps<T>(at.batch, written, at.beside, 9u); };
  maps<T> y = fresh();
  test_epilogue<T> e(kind, at.batch, written, 20);
  kernel(device, e.prepare(y), y.get());
  const test_epilogue<double> exact(kind, at.batch, written, 20);
  expect_results(y.read(), e, {exact, results}, at.extent.positions());
  if constexpr (std::is_same_v<T, float>) {
    if (device.kernels() == implementation::eigen) return;
    for (const int parts : {1, 2, 3, 7}) {
      maps<T> z = fresh();
      test_epilogue<T> f(kind, at.batch, written, 20);
      const epilogue<T> prepared = f.prepare(z);
      for (int i = parts; i-- > 0;) in_parts(share{i, parts}, prepared, z.get());
      EXPECT_EQ(z.read(), y.read()) << parts << " parts";
      EXPECT_EQ(f.bits(), e.bits());
      if (records_derivative(kind.f)) {
        EXPECT_EQ(f.recorded_derivative, e.recorded_derivative);
      }
    }
  }
}

/// The same for kernels without access to the parts of their direct implementation: a pool of threads writes
/// the same bits as one thread.
template <class T, class D, class F>
void expect_written(const D& device, const extent_case& at, shape written, const epilogue_kind& kind,
                    const std::vector<double>& results, const F& kernel) {
  maps<T> y(at.batch, written, at.beside, 9u), z = y;
  test_epilogue<T> e(kind, at.batch, written, 20), f = e;
  kernel(device, e.prepare(y), y.get());
  const test_epilogue<double> exact(kind, at.batch, written, 20);
  expect_results(y.read(), e, {exact, results}, 16);
  const cpu_pool pool(3, device.kernels());
  kernel(pool, f.prepare(z), z.get());
  EXPECT_EQ(z.read(), y.read());
  EXPECT_EQ(f.bits(), e.bits());
}

}  // namespace salient::kernel
