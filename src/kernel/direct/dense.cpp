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

/// One share of a dense layer: a range of outputs, all images.
class dense_outputs {
 public:
  explicit dense_outputs(const dense& t)
      : t_(t), in_(t.x.extent.channels), batch_(t.x.positions()), output_{t.after, t.y.extent.channels} {}

  void run(share part) {
    const thread_block memory(static_cast<std::size_t>(std::min(batch_, images_at_once) * at_once) *
                              sizeof(float));
    sums_ = static_cast<float*>(memory.data());
    // No two threads write to the same byte of a mask.
    const long out = output_.channels, unit = t_.after.activate.mask ? 8 : 1, units = (out + unit - 1) / unit;
    const long end = std::min(part.last(units) * unit, out);
    for (long first = part.first(units) * unit; first < end; first += at_once)
      for (first_image_ = 0; first_image_ < batch_; first_image_ += images_at_once)
        compute({first_image_, std::min(first_image_ + images_at_once, batch_)},
                {first, std::min(first + at_once, end)});
  }

 private:
  /// Images at a time: as many inner products as fit in registers with the outputs above. Outputs that gather
  /// before their epilogue runs: whole tiles, in whole bytes of a mask. Of so many images that they stay in a
  /// cache.
  static constexpr long images = most_vectors == 4 ? 4 : 2, at_once = 120, images_at_once = 64;

  struct interval {
    long first, last;
  };

  void compute(interval n, interval o) {
    const long whole = n.first + (n.last - n.first) / images * images;
    multiply<images, most_vectors == 4 ? 3 : 2>({n.first, whole}, o);
    multiply<1, 5>({whole, n.last}, o);
    for (long i = n.first; i < n.last; ++i)
      if (t_.after.empty())
        std::memcpy(t_.y.at(i) + o.first, sums_of(i),
                    static_cast<std::size_t>(o.last - o.first) * sizeof(float));
      else
        finish_values(output_, i, o.first, o.last, sums_of(i), t_.y.at(i) + o.first);
  }
  float* sums_of(long image) { return sums_ + (image - first_image_) * at_once; }

  /// N images and O outputs at a time. The weights are read once, the images once for each O outputs.
  template <int N, int O>
  void multiply(interval n, interval o) {
    long from = o.first;
    for (; from + O <= o.last; from += O) multiply_all<N, O>(n, from, o.first);
    for (; from < o.last; ++from) multiply_all<N, 1>(n, from, o.first);
  }

  /// Outputs [from, from + O) of the images; `first` is the output whose sum is the buffer's first.
  template <int N, int O>
  HWY_NOINLINE void multiply_all(interval all, long from, long first) {
    for (long n = all.first; n < all.last; n += N) {
      float result[N][O];
      inner_products(in_, t_.x.at(n), t_.x.pitch, t_.weight + from * in_, result);
      for (int j = 0; j < N; ++j)
        for (int k = 0; k < O; ++k)
          sums_of(n + j)[from - first + k] = result[j][k] + (t_.bias ? t_.bias[from + k] : 0.0F);
    }
  }

  const dense& t_;
  long in_, batch_;
  output_epilogue output_;
  float* sums_ = nullptr;
  long first_image_ = 0;  ///< whose sums are the buffer's first
};

void multiply_dense(const dense& t, share part) { dense_outputs(t).run(part); }

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
        tiled_(batch_ % most_rows_at_once > most_singles ? batch_ : batch_ - batch_ % most_rows_at_once),
        gathers_aside_(out_ > weights_at_once &&
                       (t.after.addend.data == t.dx.data || t.after.outer_addend.data == t.dx.data)) {}

  void run(share part) {
    const long scaled = t_.scale ? batch_ * weights_at_once : 0,
               gathered = gathers_aside_ || tiled_ < batch_ ? batch_ * columns_at_once : 0;
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
  /// Images of a tile; one or two that are left take less time one at a time.
  static constexpr long most_rows_at_once = rows_of<most_vectors>, most_singles = 2;

  /// Adds rows [from, to) of the weights to columns [first, last) of all images.
  void add_rows(long first, long last, long from, long to) {
    if (t_.scale)
      for (long n = 0; n < batch_; ++n)
        for (long o = from; o < to; ++o)
          scaled_[n * weights_at_once + o - from] = t_.scale[o] * t_.dy.at(n)[o];
    for (long n = tiled_; n < batch_; ++n) add_rows_of(n, first, last, from, to);
    if (tiled_ > 0) add_rows_of_tiles(first, last, from, to);
  }

  /// The factors of rows [from, ...) of the weights for one image.
  const float* factors(long n, long from) const {
    return t_.scale ? scaled_ + n * weights_at_once : t_.dy.at(n) + from;
  }

  /// The same for one image, whose sums gather aside.
  void add_rows_of(long n, long first, long last, long from, long to) {
    constexpr int vectors = 2 * most_vectors;
    float* const sums = gathered_ + n * columns_at_once;
    long column = first;
    for (; column + vectors * lanes <= last; column += vectors * lanes)
      add_rows_of<vectors>(vector_tag(), {factors(n, from), from, to}, column, sums + column - first);
    by_vectors(column, last,
               [&](auto d, long c) { add_rows_of<1>(d, {factors(n, from), from, to}, c, sums + c - first); });
    if (to == out_) finish_values(output_, n, first, last, sums, t_.dx.at(n) + first);
  }

  /// Some rows of the weights and their factors.
  struct factored_rows {
    const float* factors;
    long from, to;
  };

  template <int V, class D>
  HWY_INLINE void add_rows_of(D d, const factored_rows& rows, long column, float* to) {
    constexpr auto length = static_cast<long>(hn::MaxLanes(D()));
    hn::Vec<D> sums[V];
    HWY_UNROLL(8)
    for (int v = 0; v < V; ++v) sums[v] = rows.from == 0 ? hn::Zero(d) : hn::LoadU(d, to + v * length);
    const float* weight = t_.weight + rows.from * in_ + column;
    for (long o = 0; o < rows.to - rows.from; ++o, weight += in_) {
      const auto x = hn::Set(d, rows.factors[o]);
      HWY_UNROLL(8)
      for (int v = 0; v < V; ++v) sums[v] = hn::MulAdd(x, hn::LoadU(d, weight + v * length), sums[v]);
    }
    HWY_UNROLL(8)
    for (int v = 0; v < V; ++v) hn::StoreU(sums[v], d, to + v * length);
  }

  void add_rows_of_tiles(long first, long last, long from, long to) {
    const bool final = to == out_, finishes = final && !t_.after.empty();
    for (long column = first; column < last;) {
      const bool vectors_fit = last - column >= lanes;
      const long width =
          vectors_fit ? std::min<long>((last - column) / lanes * lanes, most_columns) : last - column;
      const int vectors = vectors_fit ? static_cast<int>(width / lanes) : 1;
      if (!vectors_fit)  // a copy, because a full vector would read past the weights
        for (long o = from; o < to; ++o)
          hn::Store(load_some(t_.weight + o * in_ + column, width), vector_tag{}, last_ + (o - from) * lanes);
      const direct::run along{vectors_fit ? t_.weight + from * in_ + column : last_, 0, 0, to - from};
      const int rows = tile_rows(vectors);
      const bool straight =
          vectors_fit && (!finishes || (in_registers_ && (!masked_ || (column | width) % 8 == 0)));
      const tile_function multiply = tile_of(vectors, straight && finishes);
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
      for (long n = 0; n < tiled_; n += rows) {
        const int some = static_cast<int>(std::min<long>(rows, tiled_ - n));
        for (int j = 0; j < rows; ++j) {
          const long image = images[j] = std::min(n + j, tiled_ - 1);
          a[j] = factors(image, from);
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
  long tiled_;          ///< images that are computed in tiles, the first ones
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
