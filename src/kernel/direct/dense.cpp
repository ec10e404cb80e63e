// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/dense.cpp"
#include <algorithm>
#include <cstring>
#include <limits>

#include <hwy/foreach_target.h>

#include "kernel/direct/tile.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// The first `count` values from `from`, then zeros: reads nothing behind them.
inline vector load_some(const float* from, long count) {
  HWY_ALIGN float values[lanes] = {};
  std::memcpy(values, from, static_cast<std::size_t>(count) * sizeof(float));
  return hn::Load(vector_tag{}, values);
}

/// Inner products of N vectors with O, all of length `size`. Each is two sums that take turns, whatever N and
/// O are.
template <int N, int O>
HWY_INLINE void inner_products(long size, const float* x, const float* weight, float (&result)[N][O]) {
  const vector_tag d;
  vector even[N][O], odd[N][O];
  HWY_UNROLL(8)
  for (int n = 0; n < N; ++n) HWY_UNROLL(8)
  for (int o = 0; o < O; ++o) even[n][o] = odd[n][o] = hn::Zero(d);
  const auto add = [&](vector(&sums)[N][O], const auto& load, long i) {
    vector w[O];
    HWY_UNROLL(8)
    for (int o = 0; o < O; ++o) w[o] = load(weight + o * size + i);
    HWY_UNROLL(8)
    for (int n = 0; n < N; ++n) {
      const vector v = load(x + n * size + i);
      HWY_UNROLL(8)
      for (int o = 0; o < O; ++o) sums[n][o] = hn::MulAdd(v, w[o], sums[n][o]);
    }
  };
  const auto load = [&](const float* from) { return hn::LoadU(d, from); };
  long i = 0;
  for (; i + 2 * lanes <= size; i += 2 * lanes) {
    add(even, load, i);
    add(odd, load, i + lanes);
  }
  if (i + lanes <= size) {
    add(even, load, i);
    i += lanes;
  }
  if (i < size) add(odd, [&](const float* from) { return load_some(from, size - i); }, i);
  HWY_UNROLL(8)
  for (int n = 0; n < N; ++n) HWY_UNROLL(8)
  for (int o = 0; o < O; ++o) result[n][o] = hn::GetLane(hn::SumOfLanes(d, hn::Add(even[n][o], odd[n][o])));
}

struct dense_operands {
  long in, out;
  const float *x, *weight, *bias;
  const finish& after;
  float* y;
};

/// Results of N images from n and O outputs from o.
template <int N, int O>
HWY_INLINE void dense_tile(const dense_operands& t, long n, long o) {
  float result[N][O];
  inner_products(t.in, t.x + n * t.in, t.weight + o * t.in, result);
  for (int j = 0; j < N; ++j)
    for (int k = 0; k < O; ++k) {
      const long at = (n + j) * t.out + o + k;
      const float sum = result[j][k] + (t.bias ? t.bias[o + k] : 0.0F);
      t.y[at] = finished(t.after, at, sum);
    }
}

void dense(share part, long batch, long in, long out, const float* x, const float* weight, const float* bias,
           const finish& after, float* y) {
  // As many inner products at a time as registers hold.
  constexpr int images = most_vectors == 4 ? 4 : 2, outputs = most_vectors == 4 ? 3 : 2;
  const dense_operands t{in, out, x, weight, bias, after, y};
  const long last = part.last(out);
  for (long o = part.first(out); o < last;) {
    const bool whole = o + outputs <= last;
    long n = 0;
    for (; n + images <= batch; n += images)
      if (whole)
        dense_tile<images, outputs>(t, n, o);
      else
        for (long k = o; k < last; ++k) dense_tile<images, 1>(t, n, k);
    for (; n < batch; ++n)
      if (whole)
        dense_tile<1, outputs>(t, n, o);
      else
        for (long k = o; k < last; ++k) dense_tile<1, 1>(t, n, k);
    o = whole ? o + outputs : last;
  }
}

/// Columns that a thread sums at once, which stay in its innermost cache, and rows of weights that it reads
/// side by side meanwhile.
inline constexpr long columns_at_once = 1024, weights_at_once = 16;

/// Columns [first, last) of some images' input gradients, the weights' rows [from, to).
inline void add_rows(const dense_operands& t, long batch, long first, long last, long from, long to) {
  HWY_ALIGN float zeros[most_columns] = {};
  HWY_ALIGN float spare[most_rows * most_columns];
  bool spare_gate[most_rows * most_columns];
  HWY_ALIGN float edge[weights_at_once * lanes];
  const bool final = to == t.out;
  for (long column = first; column < last;) {
    const bool whole = last - column >= lanes;
    const long width = whole ? std::min<long>((last - column) / lanes * lanes, most_columns) : last - column;
    const int vectors = whole ? static_cast<int>(width / lanes) : 1;
    if (!whole)  // a copy, for a vector there would reach behind the weights
      for (long o = from; o < to; ++o)
        hn::Store(load_some(t.weight + o * t.in + column, width), vector_tag{}, edge + (o - from) * lanes);
    const run along{whole ? t.weight + from * t.in + column : edge, 0, from, to - from};
    const int rows = batch == 1 ? 1 : tile_rows(vectors);
    for (long n = 0; n < batch; n += rows) {
      const float* a[most_rows];
      float* c[most_rows];
      const bool* gate[most_rows];
      for (int j = 0; j < rows; ++j) {
        const bool own = n + j < batch;
        const long image = own ? n + j : batch - 1, at = image * t.in + column;
        a[j] = t.x + image * t.out;
        c[j] = own && whole ? t.y + at : spare + j * most_columns;
        gate[j] = t.after.gate ? t.after.gate + at : nullptr;
        if (own && whole) continue;
        std::memcpy(c[j], t.y + at, static_cast<std::size_t>(width) * sizeof(float));
        if (gate[j] && !whole) {
          std::memcpy(spare_gate + j * most_columns, gate[j], static_cast<std::size_t>(width));
          gate[j] = spare_gate + j * most_columns;
        }
      }
      const tile_operands tile{&along,
                               1,
                               a,
                               1,
                               whole ? t.in : lanes,
                               from == 0 ? zeros : nullptr,
                               c,
                               nullptr,
                               final && t.after.gate ? gate : nullptr,
                               final && t.after.rectify ? 0.0F : -std::numeric_limits<float>::infinity()};
      with_vectors(vectors, [&]<int V> { rows == 1 ? multiply_tile<V, 1>(tile) : multiply_tile<V>(tile); });
      for (int j = 0; j < rows && !whole && n + j < batch; ++j)
        std::memcpy(t.y + (n + j) * t.in + column, c[j], static_cast<std::size_t>(width) * sizeof(float));
    }
    column += width;
  }
}

void dense_input_gradient(share part, long batch, long in, long out, const float* dy, const float* weight,
                          const finish& after, float* dx) {
  const dense_operands t{in, out, dy, weight, nullptr, after, dx};
  const long tiles = (in + most_columns - 1) / most_columns;
  const long end = std::min(part.last(tiles) * most_columns, in);
  for (long first = part.first(tiles) * most_columns; first < end; first += columns_at_once)
    for (long o = 0; o < out; o += weights_at_once)
      add_rows(t, batch, first, std::min(first + columns_at_once, end), o,
               std::min(o + weights_at_once, out));
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(dense);
HWY_EXPORT(dense_input_gradient);

void dense(share part, long batch, long in, long out, const float* x, const float* weight, const float* bias,
           const finish& after, float* y) {
  HWY_DYNAMIC_DISPATCH(dense)(part, batch, in, out, x, weight, bias, after, y);
}

void dense_input_gradient(share part, long batch, long in, long out, const float* dy, const float* weight,
                          const finish& after, float* dx) {
  HWY_DYNAMIC_DISPATCH(dense_input_gradient)(part, batch, in, out, dy, weight, after, dx);
}

}  // namespace salient::kernel::direct
#endif
