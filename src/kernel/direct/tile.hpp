// SPDX-License-Identifier: MIT

// The inner loop of every product: a tile of results in registers. Highway includes this once for each
// instruction set.

#if defined(SALIENT_KERNEL_DIRECT_TILE) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_TILE
#undef SALIENT_KERNEL_DIRECT_TILE
#else
#define SALIENT_KERNEL_DIRECT_TILE
#endif

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
      hn::LoadU(d, t.c[j] + v * lanes);

  for (const run* r = t.runs; r != t.runs + t.run_count; ++r) {
    const float* a[P];
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) a[j] = t.a[r->row * most_rows + j] + r->offset;
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
  for (int v = 0; v < V; ++v) store_signs(d, sums[j][v], t.signs[j] + v * lanes);
  const vector floor = hn::Set(d, t.floor);
  if (t.gate) HWY_UNROLL(8)
  for (int j = 0; j < P; ++j) HWY_UNROLL(8)
  for (int v = 0; v < V; ++v)
    hn::StoreU(pass(d, t.gate[j] + v * lanes, at_least(floor, sums[j][v])), d, t.c[j] + v * lanes);
  else HWY_UNROLL(8) for (int j = 0; j < P; ++j) HWY_UNROLL(8) for (int v = 0; v < V; ++v)
      hn::StoreU(at_least(floor, sums[j][v]), d, t.c[j] + v * lanes);
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

/// Rows of a tile of `columns` results, 1 to 4, whose sums run along vectors.
constexpr int few_rows(int columns) { return columns == 1 ? 8 : most_vectors == 4 ? 6 : 3; }

/// As multiply_tile, for `Columns` results a row: both operands advance by 1, and those of the next column
/// stand `next` after a column's. Runs are whole vectors long.
template <int Columns>
HWY_INLINE void multiply_few(long next, const tile_operands& t) {
  constexpr int P = few_rows(Columns);
  const vector_tag d;
  vector sums[P][Columns];
  HWY_UNROLL(8)
  for (int j = 0; j < P; ++j) HWY_UNROLL(8)
  for (int c = 0; c < Columns; ++c) sums[j][c] = hn::Zero(d);
  for (const run* r = t.runs; r != t.runs + t.run_count; ++r) {
    const float* a[P];
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) a[j] = t.a[r->row * most_rows + j] + r->offset;
    for (long k = 0; k < r->length; k += lanes) {
      vector column[Columns];
      HWY_UNROLL(8)
      for (int c = 0; c < Columns; ++c) column[c] = hn::LoadU(d, r->b + c * next + k);
      HWY_UNROLL(8)
      for (int j = 0; j < P; ++j) {
        const vector x = hn::LoadU(d, a[j] + k);
        HWY_UNROLL(8)
        for (int c = 0; c < Columns; ++c) sums[j][c] = hn::MulAdd(x, column[c], sums[j][c]);
      }
    }
  }
  HWY_UNROLL(8)
  for (int j = 0; j < P; ++j) HWY_UNROLL(8)
  for (int c = 0; c < Columns; ++c) {
    const float sum = t.start[c] + hn::GetLane(hn::SumOfLanes(d, sums[j][c]));
    if (t.signs) t.signs[j][c] = sum > 0;
    t.c[j][c] = t.gate && !t.gate[j][c] ? 0.0F : sum < t.floor ? t.floor : sum;
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
