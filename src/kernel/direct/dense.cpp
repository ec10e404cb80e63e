// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/dense.cpp"
#include <algorithm>
#include <cstring>

#include <hwy/foreach_target.h>

#include "device/thread_memory.hpp"
#include "kernel/direct/edge.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// Loads `count` values and fills the vector with zeros; never reads past them.
inline vector load_some(const float* from, long count) {
  HWY_ALIGN float values[lanes] = {};
  std::memcpy(values, from, static_cast<std::size_t>(count) * sizeof(float));
  return hn::Load(vector_tag{}, values);
}

/// Inner products of N vectors, `pitch` apart, with O vectors, all of length `size`. Each product alternates
/// between two accumulators, whatever N and O are, so that its rounding does not depend on the tile.
template <int N, int O>
HWY_INLINE void inner_products(long size, const float* x, long pitch, const float* weight,
                               float (&result)[N][O]) {
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
      const vector v = load(x + n * pitch + i);
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

/// Computes outputs [o, o + O) of images [n, n + N).
template <int N, int O>
HWY_INLINE void dense_tile(const dense& t, long n, long o) {
  const long size = t.x.extent.channels;
  float result[N][O];
  inner_products(size, t.x.at(n), t.x.pitch, t.weight + o * size, result);
  const output_epilogue output{t.after, t.y.extent.channels};
  for (int j = 0; j < N; ++j) {
    float sums[O];
    for (int k = 0; k < O; ++k) sums[k] = result[j][k] + (t.bias ? t.bias[o + k] : 0.0F);
    write_row(output, n + j, o, o + O, t.y.at(n + j) + o,
              [&](auto d, long c) { return hn::LoadU(d, sums + (c - o)); });
  }
}

void multiply_dense(const dense& t, share part) {
  // As many inner products at a time as fit in registers.
  constexpr int images = most_vectors == 4 ? 4 : 2, outputs = most_vectors == 4 ? 3 : 2;
  const long batch = t.x.positions(), out = t.y.extent.channels;
  // No two threads write to the same byte of a mask.
  const long unit = t.after.activate.mask ? 8 : 1, units = (out + unit - 1) / unit;
  const long last = std::min(part.last(units) * unit, out);
  for (long o = part.first(units) * unit; o < last;) {
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

/// One share of a dense layer's input gradient: a range of columns, all images.
class dense_rows {
 public:
  explicit dense_rows(const dense_input_gradient& t)
      : t_(t),
        in_(t.dx.extent.channels),
        out_(t.dy.extent.channels),
        batch_(t.dy.positions()),
        output_{t.after, in_},
        in_registers_(in_registers(t.after)),
        masked_(has_masks(t.after)),
        gathers_aside_(out_ > weights_at_once &&
                       (t.after.addend.data == t.dx.data || t.after.outer_addend.data == t.dx.data)) {}

  void run(share part) {
    const long scaled = t_.scale ? batch_ * weights_at_once : 0,
               gathered = gathers_aside_ ? batch_ * columns_at_once : 0;
    const thread_block memory(static_cast<std::size_t>(scaled + gathered) * sizeof(float));
    scaled_ = static_cast<float*>(memory.data());
    gathered_ = scaled_ + scaled;
    // No two threads write to the same byte of a mask.
    constexpr long unit = std::max(most_columns, 8);
    const long units = (in_ + unit - 1) / unit, end = std::min(part.last(units) * unit, in_);
    for (long first = part.first(units) * unit; first < end; first += columns_at_once)
      for (long o = 0; o < out_; o += weights_at_once)
        add_rows(first, std::min(first + columns_at_once, end), o, std::min(o + weights_at_once, out_));
  }

 private:
  /// Columns that a thread sums at a time, so that they stay in the L1 cache, and rows of weights that it
  /// reads for each pass over them.
  static constexpr long columns_at_once = 1024, weights_at_once = 16;

  /// Adds rows [from, to) of the weights to columns [first, last) of all images.
  void add_rows(long first, long last, long from, long to) {
    const bool final = to == out_, finishes = final && !t_.after.empty();
    if (t_.scale)
      for (long n = 0; n < batch_; ++n)
        for (long o = from; o < to; ++o)
          scaled_[n * weights_at_once + o - from] = t_.scale[o] * t_.dy.at(n)[o];
    for (long column = first; column < last;) {
      const bool vectors_fit = last - column >= lanes;
      const long width =
          vectors_fit ? std::min<long>((last - column) / lanes * lanes, most_columns) : last - column;
      const int vectors = vectors_fit ? static_cast<int>(width / lanes) : 1;
      if (!vectors_fit)  // a copy, because a full vector would read past the weights
        for (long o = from; o < to; ++o)
          hn::Store(load_some(t_.weight + o * in_ + column, width), vector_tag{}, last_ + (o - from) * lanes);
      const direct::run along{vectors_fit ? t_.weight + from * in_ + column : last_, 0, 0, to - from};
      const int rows = batch_ == 1 ? 1 : tile_rows(vectors);
      const bool straight =
          vectors_fit &&
          (!finishes || (in_registers_ && rows > 1 && (!masked_ || (column | width) % 8 == 0)));
      const tile_function multiply =
          rows > 1
              ? tile_of(vectors, straight && finishes)
              : with_vectors(vectors, []<int V>() -> tile_function { return multiply_tile<V, 1, false>; });
      const float* a[most_rows];
      float *sums[most_rows], *results[most_rows];
      long images[most_rows];
      const tile_epilogue after{output_, column, images};
      const tile_operands tile{&along,
                               1,
                               a,
                               1,
                               vectors_fit ? in_ : lanes,
                               from == 0 ? zeros_ : nullptr,
                               sums,
                               final ? results : sums};
      for (long n = 0; n < batch_; n += rows) {
        const int some = static_cast<int>(std::min<long>(rows, batch_ - n));
        for (int j = 0; j < rows; ++j) {
          const long image = images[j] = std::min(n + j, batch_ - 1);
          a[j] = t_.scale ? scaled_ + image * weights_at_once : t_.dy.at(image) + from;
          results[j] = t_.dx.at(image) + column;
          sums[j] = gathers_aside_ ? gathered_ + image * columns_at_once + column - first : results[j];
        }
        if (straight && some == rows)
          multiply(tile, &after);
        else if (straight)
          edge_.compute_rows({some, width, &after}, rows, tile, multiply);
        else
          edge_.compute({some, width, finishes ? &after : nullptr}, tile, multiply);
      }
      column += width;
    }
  }

  const dense_input_gradient& t_;
  long in_, out_, batch_;
  output_epilogue output_;
  bool in_registers_, masked_;
  bool gathers_aside_;  ///< sums gather in thread memory, because the epilogue still reads dx
  float *scaled_ = nullptr, *gathered_ = nullptr;
  HWY_ALIGN float zeros_[most_columns] = {};
  HWY_ALIGN float last_[weights_at_once * lanes];
  edge_tile edge_;
};

void multiply_dense_rows(const dense_input_gradient& t, share part) { dense_rows(t).run(part); }

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(multiply_dense);
HWY_EXPORT(multiply_dense_rows);
void dense::operator()(share part) const { HWY_DYNAMIC_DISPATCH(multiply_dense)(*this, part); }
void dense_input_gradient::operator()(share part) const {
  HWY_DYNAMIC_DISPATCH(multiply_dense_rows)(*this, part);
}

}  // namespace salient::kernel::direct
#endif
