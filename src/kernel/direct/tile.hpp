// SPDX-License-Identifier: MIT

// The inner loop of every product: a tile of results in registers. Highway includes this once for each
// instruction set.

#if defined(SALIENT_KERNEL_DIRECT_TILE) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_TILE
#undef SALIENT_KERNEL_DIRECT_TILE
#else
#define SALIENT_KERNEL_DIRECT_TILE
#endif

#include <algorithm>
#include <atomic>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "kernel/direct/finish.hpp"
#include "kernel/direct/run.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

using vector_tag = hn::ScalableTag<float>;
using vector = hn::Vec<vector_tag>;
inline constexpr int lanes = HWY_LANES(float);
static_assert(lanes <= 16 && 16 % lanes == 0, "packed weights and padded images are made of whole 16s");

// As many accumulators as registers hold beside the operands.
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3
inline constexpr int most_vectors = 2;
#else
inline constexpr int most_vectors = 4;
#endif
/// Columns of a tile: results that are neighbours in memory.
inline constexpr int most_columns = most_vectors * lanes;
/// Rows of a tile of V vectors. Fused multiply-adds take four cycles and two start in each: eight must be on
/// their way.
template <int V>
inline constexpr int rows_of = most_vectors == 4 ? (V == 4 ? 6 : 8) : (V == 2 ? 6 : 8);

/// c_j = start (or c_j, if there is none) + sum over runs and k of a_j[k a_step] b[k b_step], for the rows j
/// of a tile; then `after`. Each sum has one accumulator and one order, whatever the tile, so that a result
/// does not depend on where in which tile it was computed.
template <int V, int P = rows_of<V>>
HWY_INLINE void multiply_tile(const tile_operands& t) {
  const vector_tag d;
  vector sums[P][V];
  if (t.start) HWY_UNROLL(8)
  for (int v = 0; v < V; ++v) {
    const vector start = hn::LoadU(d, t.start + v * lanes);
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) sums[j][v] = start;
  }
  else HWY_UNROLL(8) for (int j = 0; j < P; ++j) HWY_UNROLL(8) for (int v = 0; v < V; ++v) sums[j][v] =
      hn::LoadU(d, t.c[j] + t.c_shift + v * lanes);

  for (const run* r = t.runs; r != t.runs + t.run_count; ++r) {
    const float* a[P];
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) a[j] = t.a[r->row * most_rows + j] + (r->offset + t.a_shift);
    for (long l = t.fetch.from; l < t.fetch.from + t.fetch.count; ++l)
      __builtin_prefetch(r->ahead + l * errand::line, 0, 2);  // to the second level
    const float* b = r->b;
    long i = 0;
    for (long k = 0; k < r->length; ++k, i += t.a_step, b += t.b_step) {
      vector column[V];
      HWY_UNROLL(8)
      for (int v = 0; v < V; ++v) column[v] = hn::LoadU(d, b + v * lanes);
      HWY_UNROLL(8)
      for (int j = 0; j < P; ++j) {
        const vector x = hn::Set(d, a[j][i]);
        HWY_UNROLL(8)
        for (int v = 0; v < V; ++v) sums[j][v] = hn::MulAdd(x, column[v], sums[j][v]);
      }
    }
  }

  if (t.signs) HWY_UNROLL(8)
  for (int j = 0; j < P; ++j) HWY_UNROLL(8)
  for (int v = 0; v < V; ++v) store_signs(d, sums[j][v], t.signs[j] + t.c_shift + v * lanes);
  const vector floor = hn::Set(d, t.floor);
  if (t.gate) HWY_UNROLL(8)
  for (int j = 0; j < P; ++j) HWY_UNROLL(8)
  for (int v = 0; v < V; ++v)
    hn::StoreU(pass(d, t.gate[j] + t.c_shift + v * lanes, at_least(floor, sums[j][v])), d,
               t.c[j] + t.c_shift + v * lanes);
  else HWY_UNROLL(8) for (int j = 0; j < P; ++j) HWY_UNROLL(8) for (int v = 0; v < V; ++v)
      hn::StoreU(at_least(floor, sums[j][v]), d, t.c[j] + t.c_shift + v * lanes);
}

/// Calls f.operator()<V>() for V = `vectors`, 1 to most_vectors.
template <class F>
HWY_INLINE void with_vectors(int vectors, const F& f) {
  if constexpr (most_vectors == 4) {
    if (vectors == 3) return f.template operator()<3>();
    if (vectors == 4) return f.template operator()<4>();
  }
  return vectors == 1 ? f.template operator()<1>() : f.template operator()<2>();
}

inline void multiply_tile(int vectors, const tile_operands& t) {
  with_vectors(vectors, [&]<int V> { multiply_tile<V>(t); });
}
inline int tile_rows(int vectors) { return vectors == most_vectors ? rows_of<most_vectors> : rows_of<1>; }

/// Rows of a tile of `columns` results, 1 to 4, whose sums run along vectors: registers hold its
/// accumulators, a row of the one operand, a vector of the other and, where it is not added as it arises, a
/// product.
constexpr int few_rows(int columns) {
  constexpr int registers = most_vectors == 4 ? 32 : 16, besides = HWY_NATIVE_FMA ? 1 : 2;
  return std::min(most_rows, (registers - besides) / columns - 1);
}

/// to[i] = the sum of v[i]'s lanes, or floor; the last vector of them is a whole one. Neighbouring lanes of
/// two vectors are added to one of sums half as many, and so on: for every i in the same order.
template <int Lanes = lanes, int N>
HWY_INLINE void sum_lanes(const vector (&v)[N], vector floor, float* to) {
  const vector_tag d;
#if HWY_TARGET != HWY_SCALAR
  if constexpr (Lanes > 1) {
    vector halves[(N + 1) / 2];
    HWY_UNROLL(16)
    for (int i = 0; i < N; i += 2) {
      const vector low = v[i], high = v[std::min(i + 1, N - 1)];
      halves[i / 2] = hn::Add(hn::ConcatEven(d, high, low), hn::ConcatOdd(d, high, low));
    }
    return sum_lanes<Lanes / 2>(halves, floor, to);
  }
#endif
  HWY_UNROLL(16)
  for (int i = 0; i < N; ++i) hn::StoreU(at_least(floor, v[i]), d, to + i * lanes);
}

/// As multiply_tile, for `Columns` results a row: both operands advance by 1, and those of the next column
/// stand `next` after a column's. Runs are whole vectors long.
template <int Columns>
HWY_INLINE void multiply_few(long next, const tile_operands& t) {
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
      constexpr int ahead = 3, line = errand::line;
      HWY_UNROLL(8)
      for (int i = 0; i < ahead * lanes; i += line) hwy::Prefetch(a[P - 1] + r->length + ahead * k + i);
      vector column[Columns];
      HWY_UNROLL(8)
      for (int c = 0; c < Columns; ++c) column[c] = hn::LoadU(d, r->b + c * next + k);
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
  sum_lanes(sums, hn::Set(d, t.floor), sum);
  HWY_UNROLL(8)
  for (int j = 0; j < P; ++j) HWY_UNROLL(8)
  for (int c = 0; c < Columns; ++c) {
    const long at = t.c_shift + c;
    const float result = sum[j * Columns + c];
    if (t.signs) t.signs[j][at] = result > 0;
    t.c[j][at] = t.gate && !t.gate[j][at] ? 0.0F : result;
  }
}

inline void multiply_few(int columns, long next, const tile_operands& t) {
  switch (columns) {
    case 1:
      return multiply_few<1>(next, t);
    case 2:
      return multiply_few<2>(next, t);
    case 3:
      return multiply_few<3>(next, t);
    default:
      return multiply_few<4>(next, t);
  }
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
