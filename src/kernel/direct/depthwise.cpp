// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/depthwise.cpp"
#include <algorithm>

#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>

#include "device/thread_memory.hpp"
#include "kernel/direct/epilogue.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// Loads a vector of input channels, one for each output channel. With one filter a channel they are
/// contiguous; with several they are gathered.
template <bool Several, class D>
HWY_INLINE hn::Vec<D> load_channels(D d, const float* from, long c, const depthwise& t, long k) {
  if constexpr (!Several) return hn::LoadU(d, from + c);
  constexpr auto length = static_cast<int>(hn::MaxLanes(D()));
  HWY_ALIGN float values[length];
  for (int i = 0; i < length; ++i)
    values[i] = from[t.s.adjoint ? (c + i) * t.multiplier + k : (c + i) / t.multiplier];
  return hn::Load(d, values);
}

/// One share of a depthwise convolution, or of one sweep of its adjoint: a range of output rows, or of
/// channels. Sums run over taps, in vectors of channels.
class depthwise_rows {
 public:
  explicit depthwise_rows(const depthwise& t)
      : t_(t),
        s_(t.s),
        channels_(t.y.extent.channels),
        taps_(static_cast<long>(s_.y.taps) * s_.x.taps),
        several_(s_.adjoint ? t.multiplier : 1),
        output_{t.after, channels_},
        straight_(in_registers(t.after) && (t.multiplier == 1 || t.after.empty())) {}

  void run(share part) {
    const long rows = s_.batch * s_.y.outputs, units = (channels_ + 15) / 16;
    const bool by_rows = rows >= 8 * part.parts;
    const share all, own_rows = by_rows ? part : all, own_units = by_rows ? all : part;
    first_ = own_units.first(units) * 16;
    last_ = std::min(own_units.last(units) * 16, channels_);
    const long channels = last_ - first_;
    const thread_block memory(static_cast<std::size_t>((taps_ * several_ + side_by_side) * channels) *
                              sizeof(float));
    rows_ = static_cast<float*>(memory.data());
    weights_ = rows_ + side_by_side * channels;
    if (first_ >= last_) return;
    turn_weights();
    for (long r = own_rows.first(rows); r < own_rows.last(rows); ++r)
      if (t_.multiplier == 1)
        row<false>(r / s_.y.outputs, static_cast<int>(r % s_.y.outputs));
      else
        row<true>(r / s_.y.outputs, static_cast<int>(r % s_.y.outputs));
  }

 private:
  /// Transposes the weights from filter-major to tap-major: (tap, filter of the channel, channel).
  void turn_weights() {
    float* to = weights_;
    const long area = s_.kernel.area();
    for (int ty = 0; ty < s_.y.taps; ++ty)
      for (int tx = 0; tx < s_.x.taps; ++tx) {
        const long entry = (s_.y.entry + ty * s_.y.entry_step) * static_cast<long>(s_.kernel.width) +
                           s_.x.entry + tx * s_.x.entry_step;
        for (long k = 0; k < several_; ++k)
          for (long c = first_; c < last_; ++c) {
            const long o = c * several_ + k;
            *to++ = t_.scale ? t_.scale[o] * t_.weight[o * area + entry] : t_.weight[o * area + entry];
          }
      }
  }

  template <bool Several>
  void row(long n, int y) {
    const axis::range rows = s_.y.inside(y, s_.in.height);
    for (int x = 0; x < s_.x.outputs;) {
      const axis::range columns = s_.x.inside(x, s_.in.width);
      // Positions from here on that read the same taps: more than one only where whole windows fit the width.
      int alike = 1;
      if (columns.first == 0 && columns.last == s_.x.taps && s_.x.taps > 0) {
        const int reach = (s_.x.taps - 1) * s_.x.spacing + s_.x.offset;
        alike = std::min(s_.x.outputs, (s_.in.width - 1 - reach) / s_.x.stride + 1) - x;
      }
      const taps_inside taps{rows, columns};
      if constexpr (!Several)  // gathering takes longer than anything that this saves
        for (; alike >= side_by_side; alike -= side_by_side, x += side_by_side)
          positions<Several, side_by_side, 1>(n, y, x, taps);
      for (; alike > 0; --alike, ++x) positions<Several, 1, Several ? 1 : 4>(n, y, x, taps);
    }
  }

  struct taps_inside {
    axis::range y, x;
  };

  /// Computes all channels of P neighbouring positions in a row, V vectors at a time.
  template <bool Several, int P, int V>
  HWY_INLINE void positions(long n, int y, int x, const taps_inside& taps) {
    long c = first_;
    for (; c + V * lanes <= last_; c += V * lanes) tile<Several, P, V>(vector_tag(), n, y, x, taps, c, rows_);
    float* row = rows_;
    for (int j = 0; j < P; ++j, row += last_ - first_) {
      long left = c;
      for (; V > 1 && left + lanes <= last_; left += lanes)
        tile<Several, 1, 1>(vector_tag(), n, y, x + j, taps, left, row);
      for (; left < last_; ++left) tile<Several, 1, 1>(single_tag(), n, y, x + j, taps, left, row);
    }
    if (straight_) return;
    const long place = s_.place(n, y, x);
    for (int j = 0; j < P; ++j) {
      const long position = place + static_cast<long>(j) * s_.x.step;
      finish_values(output_, position, first_, last_, rows_ + j * (last_ - first_),
                    t_.y.at(position) + first_);
    }
  }

  template <bool Several, int P, int V, class D>
  HWY_INLINE void tile(D d, long n, int y, int x, const taps_inside& taps, long c, float* rows) {
    constexpr auto length = static_cast<long>(hn::MaxLanes(D()));
    hn::Vec<D> sums[P][V];
    HWY_UNROLL(4)
    for (int v = 0; v < V; ++v) {
      const auto start = t_.bias ? hn::LoadU(d, t_.bias + c + v * length) : hn::Zero(d);
      HWY_UNROLL(8)
      for (int j = 0; j < P; ++j) sums[j][v] = start;
    }
    const long step = static_cast<long>(s_.x.stride) * t_.x.pitch, width = last_ - first_;
    // Of each position a vector is read that is far from the next one's, so the processor does not foresee
    // which. They are those of the next positions in the row, or in memory behind it.
    if (const float* const derivative = t_.after.through.derivative; P > 1 && derivative) {
      const long ahead = s_.place(n, y, x) + static_cast<long>(P) * s_.x.step;
      HWY_UNROLL(8)
      for (int j = 0; j < P; ++j)
        hwy::Prefetch(derivative + (ahead + static_cast<long>(j) * s_.x.step) * channels_ + c);
    }
    for (int ty = taps.y.first; ty < taps.y.last; ++ty) {
      const long row = n * s_.in.height + y * s_.y.stride + s_.y.offset + ty * s_.y.spacing;
      for (int tx = taps.x.first; tx < taps.x.last; ++tx) {
        const float* const from =
            t_.x.at(row * s_.in.width + x * s_.x.stride + s_.x.offset + tx * s_.x.spacing);
        const float* weights =
            weights_ + (static_cast<long>(ty) * s_.x.taps + tx) * several_ * width + (c - first_);
        for (long k = 0; k < several_; ++k, weights += width) {
          HWY_UNROLL(4)
          for (int v = 0; v < V; ++v) {
            const auto weight = hn::LoadU(d, weights + v * length);
            HWY_UNROLL(8)
            for (int j = 0; j < P; ++j)
              sums[j][v] = hn::MulAdd(load_channels<Several>(d, from + j * step, c + v * length, t_, k),
                                      weight, sums[j][v]);
          }
          if constexpr (!Several) break;
        }
      }
    }
    const long place = s_.place(n, y, x);
    if (!Several && straight_ && !t_.after.empty())
      for_each_stage(output_, [&](const auto& stage) {
        HWY_UNROLL(8)
        for (int j = 0; j < P; ++j) HWY_UNROLL(4)
        for (int v = 0; v < V; ++v)
          sums[j][v] = stage(d, place + static_cast<long>(j) * s_.x.step, c + v * length, sums[j][v]);
      });
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) {
      float* const to =
          straight_ ? t_.y.at(place + static_cast<long>(j) * s_.x.step) + c : rows + j * width + (c - first_);
      HWY_UNROLL(4)
      for (int v = 0; v < V; ++v) hn::StoreU(sums[j][v], d, to + v * length);
    }
  }

  const depthwise& t_;
  const sweep& s_;
  long channels_, taps_;
  long several_;  ///< filters that each output sums over
  output_epilogue output_;
  /// Whether results go straight from registers to y, or to a row on which the epilogue runs.
  bool straight_;
  static constexpr int side_by_side = 8;
  long first_ = 0, last_ = 0;  ///< channels
  float *weights_ = nullptr, *rows_ = nullptr;
};

void convolve_depthwise(const depthwise& t, share part) { depthwise_rows(t).run(part); }

/// One share of a depthwise convolution's weight gradient: a range of filters.
class depthwise_gradient {
 public:
  explicit depthwise_gradient(const depthwise_weight_gradient& t)
      : t_(t), multiplier_(t.p.filters / t.p.channels) {}

  void run(share part) {
    const long filters = t_.p.filters, units = (filters + 15) / 16;
    const long last = std::min(part.last(units) * 16, filters);
    long o = part.first(units) * 16;
    for (; o + 2 * lanes <= last; o += 2 * lanes) taps<2>(vector_tag(), o);
    for (; o + lanes <= last; o += lanes) taps<1>(vector_tag(), o);
    for (; o < last; ++o) taps<1>(single_tag(), o);
  }

 private:
  template <int V, class D>
  void taps(D d, long o) {
    const long area = t_.p.w.area();
    long tap = 0;
    for (; tap + 4 <= area; tap += 4) sum<4, V>(d, o, tap);
    for (; tap < area; ++tap) sum<1, V>(d, o, tap);
  }

  /// Computes T taps of V vectors of filters.
  template <int T, int V, class D>
  HWY_INLINE void sum(D d, long o, long tap) {
    constexpr auto length = static_cast<long>(hn::MaxLanes(D()));
    const window& w = t_.p.w;
    hn::Vec<D> sums[T][V];
    long offset[T];
    HWY_UNROLL(4)
    for (int i = 0; i < T; ++i) {
      offset[i] =
          (tap + i) / w.width * w.dilation_y * t_.x.line + (tap + i) % w.width * w.dilation_x * t_.x.pixel;
      HWY_UNROLL(2)
      for (int v = 0; v < V; ++v) sums[i][v] = hn::Zero(d);
    }
    const shape out = t_.dy.extent;
    for (long n = 0; n < t_.dy.batch; ++n)
      for (int y = 0; y < out.height; ++y) {
        const float* dy = t_.dy.at((n * out.height + y) * out.width) + o;
        const float* x = t_.x.values + n * t_.x.image + static_cast<long>(y) * w.stride_y * t_.x.line;
        for (int i = 0; i < out.width; ++i, dy += t_.dy.pitch, x += w.stride_x * t_.x.pixel) {
          HWY_UNROLL(2)
          for (int v = 0; v < V; ++v) {
            const auto signal = hn::LoadU(d, dy + v * length);
            HWY_UNROLL(4)
            for (int j = 0; j < T; ++j)
              sums[j][v] = hn::MulAdd(signal, load(d, x + offset[j], o + v * length), sums[j][v]);
          }
        }
      }
    for (int j = 0; j < T; ++j)
      for (int v = 0; v < V; ++v) {
        HWY_ALIGN float values[length];
        hn::Store(sums[j][v], d, values);
        for (long i = 0; i < length; ++i) t_.to[(o + v * length + i) * w.area() + tap + j] = values[i];
      }
  }

  /// Loads what filters from o on read at a position.
  template <class D>
  HWY_INLINE hn::Vec<D> load(D d, const float* x, long o) const {
    if (multiplier_ == 1) return hn::LoadU(d, x + o);
    constexpr auto length = static_cast<int>(hn::MaxLanes(D()));
    HWY_ALIGN float values[length];
    for (int i = 0; i < length; ++i) values[i] = x[(o + i) / multiplier_];
    return hn::Load(d, values);
  }

  const depthwise_weight_gradient& t_;
  long multiplier_;
};

void add_depthwise_gradient(const depthwise_weight_gradient& t, share part) {
  depthwise_gradient(t).run(part);
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(convolve_depthwise);
HWY_EXPORT(add_depthwise_gradient);
void depthwise::operator()(share part) const { HWY_DYNAMIC_DISPATCH(convolve_depthwise)(*this, part); }
void depthwise_weight_gradient::operator()(share part) const {
  HWY_DYNAMIC_DISPATCH(add_depthwise_gradient)(*this, part);
}

}  // namespace salient::kernel::direct
#endif
