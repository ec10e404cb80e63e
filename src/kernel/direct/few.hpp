// SPDX-License-Identifier: MIT

// Matrix products with few columns; sums run along vectors. Highway includes this once for each
// instruction set.

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

/// Rows of a tile with `columns` results, 1 to 4. Registers hold the accumulators, one vector for each
/// column, one vector of a row and, without fused multiply-add, one product.
constexpr int few_rows(int columns) {
  constexpr int registers = most_vectors == 4 ? 32 : 16, besides = HWY_NATIVE_FMA ? 1 : 2;
  return std::min(most_rows, (registers - besides) / columns - 1);
}

/// to[i] = the sum of v[i]'s lanes, in the same order for every i: neighbouring lanes of two vectors are
/// added into one vector of half as many sums each, and so on. Writes whole vectors.
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

/// multiply_tile without an epilogue, for `Columns` results a row. Both operands advance by 1; runs are a
/// whole number of vectors long.
template <int Columns>
HWY_NOINLINE void multiply_few(const tile_operands& t, const tile_epilogue*) {
  constexpr int P = few_rows(Columns);
  const vector_tag d;
  vector sums[P * Columns];  // the start value is in lane 0
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
      // Prefetch what the next tile reads. It begins where the last row ends and, for 8 rows of 3 taps at
      // stride 1, is 8 / 3 times as long; so few products do not hide the latency. The address may lie past
      // the operands: a prefetch never faults.
      constexpr int ahead = 3, line = prefetch::line;
      HWY_UNROLL(8)
      for (int i = 0; i < ahead * lanes; i += line) hwy::Prefetch(a[P - 1] + r->length + ahead * k + i);
      vector column[Columns];
      HWY_UNROLL(8)
      for (int c = 0; c < Columns; ++c) column[c] = hn::LoadU(d, r->b + c * t.column_step + k);
      HWY_UNROLL(8)
      for (int j = 0; j < P; ++j) {
        const vector x = hn::LoadU(d, a[j] + k);
        // Keeps GCC from loading x again for every column, which would make the loop bound by loads.
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
