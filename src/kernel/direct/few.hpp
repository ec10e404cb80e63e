// SPDX-License-Identifier: MIT

// Products with few columns, whose sums run along vectors. Highway includes this once for each instruction
// set.

#if defined(SALIENT_KERNEL_DIRECT_FEW) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_FEW
#undef SALIENT_KERNEL_DIRECT_FEW
#else
#define SALIENT_KERNEL_DIRECT_FEW
#endif

#include <algorithm>
#include <atomic>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "kernel/direct/tile.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// Rows of a tile of `columns` results, 1 to 4, whose sums run along vectors: registers hold its
/// accumulators, a row of the one operand, a vector of the other and, where it is not added as it arises, a
/// product.
constexpr int few_rows(int columns) {
  constexpr int registers = most_vectors == 4 ? 32 : 16, besides = HWY_NATIVE_FMA ? 1 : 2;
  return std::min(most_rows, (registers - besides) / columns - 1);
}

/// to[i] = the sum of v[i]'s lanes; the last vector of them is a whole one. Neighbouring lanes of two vectors
/// are added to one of sums half as many, and so on: for every i in the same order.
template <int Lanes = lanes, int N>
HWY_INLINE void sum_lanes(const vector (&v)[N], float* to) {
  const vector_tag d;
#if HWY_TARGET != HWY_SCALAR
  if constexpr (Lanes > 1) {
    vector halves[(N + 1) / 2];
    HWY_UNROLL(16)
    for (int i = 0; i < N; i += 2) {
      const vector low = v[i], high = v[std::min(i + 1, N - 1)];
      halves[i / 2] = hn::Add(hn::ConcatEven(d, high, low), hn::ConcatOdd(d, high, low));
    }
    return sum_lanes<Lanes / 2>(halves, to);
  }
#endif
  HWY_UNROLL(16)
  for (int i = 0; i < N; ++i) hn::StoreU(v[i], d, to + i * lanes);
}

/// As multiply_tile without an epilogue, for `Columns` results a row: both operands advance by 1. Runs are
/// whole vectors long.
template <int Columns>
HWY_NOINLINE void multiply_few(const tile_operands& t, const tile_epilogue*) {
  constexpr int P = few_rows(Columns);
  const vector_tag d;
  vector sums[P * Columns];  // a start is in the first of its lanes
  HWY_UNROLL(8)
  for (int c = 0; c < Columns; ++c) {
    const vector start = hn::IfThenElseZero(hn::FirstN(d, 1), hn::Set(d, t.start[c]));
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) sums[j * Columns + c] = start;
  }
  for (const run* r = t.runs; r != t.runs + t.run_count; ++r) {
    const float* a[P];
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) a[j] = t.a[r->row * most_rows + j] + (r->offset + t.a_shift);
    for (long k = 0; k < r->length; k += lanes) {
      // What the next tile reads lies behind what the last row does, and is 8 / 3 as long if 8 rows slide by
      // one of 3 taps. So few products do not hide that it comes from afar. It may lie behind all operands:
      // it is not read.
      constexpr int ahead = 3, line = prefetch::line;
      HWY_UNROLL(8)
      for (int i = 0; i < ahead * lanes; i += line) hwy::Prefetch(a[P - 1] + r->length + ahead * k + i);
      vector column[Columns];
      HWY_UNROLL(8)
      for (int c = 0; c < Columns; ++c) column[c] = hn::LoadU(d, r->b + c * t.column_step + k);
      HWY_UNROLL(8)
      for (int j = 0; j < P; ++j) {
        const vector x = hn::LoadU(d, a[j] + k);
        // Lest GCC load x again for every column: more than a core loads while it multiplies.
        if (Columns > 1) std::atomic_signal_fence(std::memory_order_acq_rel);
        HWY_UNROLL(8)
        for (int c = 0; c < Columns; ++c)
          sums[j * Columns + c] = hn::MulAdd(x, column[c], sums[j * Columns + c]);
      }
    }
  }
  HWY_ALIGN float sum[(P * Columns + lanes - 1) / lanes * lanes];
  sum_lanes(sums, sum);
  HWY_UNROLL(8)
  for (int j = 0; j < P; ++j) HWY_UNROLL(8)
  for (int c = 0; c < Columns; ++c) t.to[j][t.to_shift + c] = sum[j * Columns + c];
}

inline tile_function few_of(int columns) {
  constexpr tile_function of[] = {multiply_few<1>, multiply_few<2>, multiply_few<3>, multiply_few<4>};
  return of[columns - 1];
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
