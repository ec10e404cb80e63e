// SPDX-License-Identifier: MIT

// The inner loop of every matrix product: a tile of results in registers. Highway includes this once for each
// instruction set.

#if defined(SALIENT_KERNEL_DIRECT_TILE) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_TILE
#undef SALIENT_KERNEL_DIRECT_TILE
#else
#define SALIENT_KERNEL_DIRECT_TILE
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "kernel/direct/epilogue.hpp"
#include "kernel/direct/run.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

static_assert(lanes <= 16 && 16 % lanes == 0, "packed weights and padded images are made of whole 16s");

// As many accumulators as registers hold beside the operands.
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3
inline constexpr int most_vectors = 2;
#else
inline constexpr int most_vectors = 4;
#endif
/// Columns of a tile: results that are contiguous in memory.
inline constexpr int most_columns = most_vectors * lanes;
/// Rows of a tile of V vectors. A fused multiply-add has a latency of four cycles and two start in each, so
/// at least eight must be independent.
template <int V>
inline constexpr int rows_of = most_vectors == 4 ? (V == 4 ? 6 : 8) : (V == 2 ? 6 : 8);

/// An epilogue that runs on a tile's sums in registers: on results `channel` to `channel + columns - 1` of
/// the rows' positions.
struct tile_epilogue {
  output_epilogue output;
  long channel;
  const long* positions;
  long position_shift = 0;  ///< added to all rows' positions
};

/// to_j = start (or from_j, without a start) + sum over runs and k of a_j[k a_step] b[k b_step] for the rows
/// j of a tile; then the epilogue, if it `Finishes`. Each sum has one accumulator and a fixed order, so a
/// result does not depend on its place in a tile.
template <int V, int P, bool Finishes>
HWY_NOINLINE void multiply_tile(const tile_operands& t, const tile_epilogue* after) {
  const vector_tag d;
  vector sums[P][V];
  if (t.start) HWY_UNROLL(8)
  for (int v = 0; v < V; ++v) {
    const vector start = hn::LoadU(d, t.start + v * lanes);
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) sums[j][v] = start;
  }
  else HWY_UNROLL(8) for (int j = 0; j < P; ++j) HWY_UNROLL(8) for (int v = 0; v < V; ++v) sums[j][v] =
      hn::LoadU(d, t.from[j] + t.from_shift + v * lanes);

  for (const run* r = t.runs; r != t.runs + t.run_count; ++r) {
    const float* a[P];
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) a[j] = t.a[r->row * most_rows + j] + (r->offset + t.a_shift);
    for (long l = t.fetch.from; l < t.fetch.from + t.fetch.count; ++l)
      __builtin_prefetch(r->ahead + l * prefetch::line, 0, 2);  // into the L2 cache
    const float* b = r->b + t.b_shift;
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

  if constexpr (Finishes)
    for_each_stage(after->output, [&](const auto& stage) {
      HWY_UNROLL(8)
      for (int j = 0; j < P; ++j) {
        const long position = after->positions[j] + after->position_shift;
        HWY_UNROLL(8)
        for (int v = 0; v < V; ++v) sums[j][v] = stage(d, position, after->channel + v * lanes, sums[j][v]);
      }
    });
  // Loaded once: the compiler must assume that a store may change what t points to.
  float* to[P];
  HWY_UNROLL(8)
  for (int j = 0; j < P; ++j) to[j] = t.to[j] + t.to_shift;
  HWY_UNROLL(8)
  for (int j = 0; j < P; ++j) HWY_UNROLL(8)
  for (int v = 0; v < V; ++v) hn::StoreU(sums[j][v], d, to[j] + v * lanes);
}

/// Computes a tile and runs its epilogue, if the function includes one.
using tile_function = void (*)(const tile_operands&, const tile_epilogue*);

/// The instantiation of multiply_tile for 1 to most_vectors vectors.
template <class F>
tile_function with_vectors(int vectors, const F& f) {
  if constexpr (most_vectors == 4) {
    if (vectors == 3) return f.template operator()<3>();
    if (vectors == 4) return f.template operator()<4>();
  }
  return vectors == 1 ? f.template operator()<1>() : f.template operator()<2>();
}

inline int tile_rows(int vectors) { return vectors == most_vectors ? rows_of<most_vectors> : rows_of<1>; }

/// A tile of tile_rows(vectors) rows.
inline tile_function tile_of(int vectors, bool finishes) {
  return with_vectors(vectors, [&]<int V>() -> tile_function {
    return finishes ? multiply_tile<V, rows_of<V>, true> : multiply_tile<V, rows_of<V>, false>;
  });
}

/// The same for the `some` rows that are left at the end: a tile of fewer rows takes less time.
inline tile_function tile_of(int some, int vectors, bool finishes, tile_function usual) {
  if (vectors < most_vectors || some > 4) return usual;
  if (some > 2)
    return finishes ? multiply_tile<most_vectors, 4, true> : multiply_tile<most_vectors, 4, false>;
  return finishes ? multiply_tile<most_vectors, 2, true> : multiply_tile<most_vectors, 2, false>;
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
