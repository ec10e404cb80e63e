// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/depthwise.cpp"
#include <algorithm>

#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>

#include "device/thread_memory.hpp"
#include "kernel/direct/epilogue.hpp"
#include "kernel/direct/transpose.hpp"

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
/// channels. Sums run over taps, in vectors of channels. A few vectors of channels are computed for all
/// positions before the next, so that their weights, and what neighbouring windows share, stay in the L1
/// cache.
class depthwise_rows {
 public:
  explicit depthwise_rows(const depthwise& t)
      : t_(t),
        s_(t.s),
        several_(s_.adjoint ? t.multiplier : 1),
        per_channel_(static_cast<long>(s_.y.taps) * s_.x.taps * several_),
        row_step_(static_cast<long>(s_.y.spacing) * s_.in.width * t.x.pitch),
        tap_step_(static_cast<long>(s_.x.spacing) * t.x.pitch),
        input_step_(static_cast<long>(s_.x.stride) * t.x.pitch),
        output_{t.after, t.y.extent.channels} {}

  void run(share part) {
    const long rows = s_.batch * s_.y.outputs, channels = output_.channels, units = (channels + 15) / 16;
    const bool by_rows = rows >= 8 * part.parts;
    const share all, own_rows = by_rows ? part : all, own_units = by_rows ? all : part;
    first_ = own_units.first(units) * 16;
    last_ = std::min(own_units.last(units) * 16, channels);
    if (first_ >= last_) return;
    const thread_block memory(static_cast<std::size_t>(per_channel_ * (last_ - first_)) * sizeof(float));
    weights_ = static_cast<float*>(memory.data());
    for_each_chunk(
        [&]<bool, int V>(auto d, long c) { turn_weights(c, V * static_cast<long>(hn::MaxLanes(d))); });
    const long first_row = own_rows.first(rows), last_row = own_rows.last(rows);
    for_each_chunk([&]<bool Several, int V>(auto d, long c) {
      for (long r = first_row; r < last_row; ++r) row<Several, V>(d, r, c);
    });
  }

 private:
  /// As many sums as registers hold beside a tap's weights.
  static constexpr int most_vectors = lanes == 16 ? 4 : 2, side_by_side = lanes == 16 ? 5 : 4;

  /// Calls body<several filters a channel, vectors>(tag, first channel) for some channels after the other.
  template <class F>
  HWY_INLINE void for_each_chunk(const F& body) const {
    long c = first_;
    const auto by = [&]<bool Several, int V>(auto d) {
      constexpr auto length = V * static_cast<long>(hn::MaxLanes(d));
      for (; c + length <= last_; c += length) body.template operator()<Several, V>(d, c);
    };
    if (t_.multiplier > 1) {  // gathering takes longer than anything that several vectors save
      by.template operator()<true, 1>(vector_tag());
      return by.template operator()<true, 1>(single_tag());
    }
    by.template operator()<false, most_vectors>(vector_tag());
    if (most_vectors > 2) by.template operator()<false, 2>(vector_tag());
    by.template operator()<false, 1>(vector_tag());
    by.template operator()<false, 1>(single_tag());
  }

  /// The weights of a chunk that begins at channel c: (tap, filter of the channel, channel).
  float* weights_of(long c) const { return weights_ + (c - first_) * per_channel_; }

  void turn_weights(long c, long count) {
    const long area = s_.kernel.area(), first = c * several_;
    float* to = weights_of(c);
    if (several_ == 1 && !s_.adjoint)
      return copy_matrix(count, area, {t_.weight + first * area, area, 1}, {to, 1, count}, nullptr);
    for (int ty = 0; ty < s_.y.taps; ++ty)
      for (int tx = 0; tx < s_.x.taps; ++tx) {
        const long entry = (s_.y.entry + ty * s_.y.entry_step) * static_cast<long>(s_.kernel.width) +
                           s_.x.entry + tx * s_.x.entry_step;
        for (long k = 0; k < several_; ++k)
          for (long o = first + k; o < first + k + count * several_; o += several_)
            *to++ = t_.scale ? t_.scale[o] * t_.weight[o * area + entry] : t_.weight[o * area + entry];
      }
  }

  /// Computes V vectors of channels of a row of positions.
  template <bool Several, int V, class D>
  HWY_INLINE void row(D d, long r, long c) {
    // Whole windows of the positions before this one end inside the image.
    const int reach = (s_.x.taps - 1) * s_.x.spacing + s_.x.offset;
    const int inside =
        s_.x.taps > 0 ? std::min(s_.x.outputs, (s_.in.width - 1 - reach) / s_.x.stride + 1) : 0;
    const long n = r / s_.y.outputs;
    const int y = static_cast<int>(r % s_.y.outputs);
    const long input = (n * s_.in.height + y * s_.y.stride + s_.y.offset) * s_.in.width + s_.x.offset;
    place at{s_.place(n, y, 0), t_.x.data + input * t_.x.pitch, c};
    taps_inside taps{s_.y.inside(y, s_.in.height), {}};
    int x = 0;
    const auto tiles = [&]<int P>(int end) {
      for (; x + P <= end; x += P) {
        tile<Several, P, V>(d, at, taps);
        at.position += static_cast<long>(P) * s_.x.step;
        at.from += P * input_step_;
      }
    };
    while (x < s_.x.outputs) {
      taps.x = s_.x.inside(x, s_.in.width);
      const int end = taps.x.first == 0 && x < inside ? inside : x + 1;
      if constexpr (!Several) {
        tiles.template operator()<side_by_side>(end);
        tiles.template operator()<2>(end);
      }
      tiles.template operator()<1>(end);
    }
  }

  /// Where a tile begins: its first position, the input of that one's first tap, which may lie outside the
  /// image, and its first channel.
  struct place {
    long position;
    const float* from;
    long channel;
  };
  struct taps_inside {
    axis::range y, x;
  };

  /// Computes V vectors of P neighbouring positions in a row, which read the same taps.
  template <bool Several, int P, int V, class D>
  HWY_NOINLINE void tile(D d, const place& at, const taps_inside& taps) {
    constexpr auto length = static_cast<long>(hn::MaxLanes(D()));
    const long c = at.channel;
    hn::Vec<D> sums[P][V];
    HWY_UNROLL(4)
    for (int v = 0; v < V; ++v) {
      const auto start = t_.bias ? hn::LoadU(d, t_.bias + c + v * length) : hn::Zero(d);
      HWY_UNROLL(8)
      for (int j = 0; j < P; ++j) sums[j][v] = start;
    }
    // Of each position some vectors are read that are far from the next one's, so the processor does not
    // foresee which. They are those of the next positions in the row, or in memory behind it.
    if (const float* const derivative = t_.after.through.derivative; P > 2 && derivative) HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) HWY_UNROLL(4)
    for (int v = 0; v < V; ++v)
      hwy::Prefetch(derivative + (at.position + static_cast<long>(P + j) * s_.x.step) * output_.channels + c +
                    v * length);

    const float* from[P];
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) from[j] = at.from + (Several ? 0 : c) + j * input_step_;
    const long per_tap = several_ * V * length;
    for (int ty = taps.y.first; ty < taps.y.last; ++ty) {
      long offset = ty * row_step_ + taps.x.first * tap_step_;
      const float* weights = weights_of(c) + (static_cast<long>(ty) * s_.x.taps + taps.x.first) * per_tap;
      for (int tx = taps.x.first; tx < taps.x.last; ++tx, offset += tap_step_, weights += per_tap)
        for (long k = 0; k < (Several ? several_ : 1); ++k) {
          hn::Vec<D> weight[V];
          HWY_UNROLL(4)
          for (int v = 0; v < V; ++v) weight[v] = hn::LoadU(d, weights + (k * V + v) * length);
          HWY_UNROLL(8)
          for (int j = 0; j < P; ++j) HWY_UNROLL(4)
          for (int v = 0; v < V; ++v)
            sums[j][v] =
                hn::MulAdd(load_channels<Several>(d, from[j] + offset, (Several ? c : 0) + v * length, t_, k),
                           weight[v], sums[j][v]);
        }
    }

    float* const to = t_.y.at(at.position) + c;
    const long step = s_.x.step * t_.y.pitch;
    HWY_ALIGN float values[P * V * length];
    long positions[P];
    float* rows[P];
    HWY_UNROLL(8)
    for (int j = 0; j < P; ++j) HWY_UNROLL(4)
    for (int v = 0; v < V; ++v) hn::StoreU(sums[j][v], d, values + (j * V + v) * length);
    for (int j = 0; j < P; ++j) {
      positions[j] = at.position + static_cast<long>(j) * s_.x.step;
      rows[j] = to + j * step;
    }
    finish_rows(output_, {c, c + V * length, P, values, V * length, positions, 0, rows, 0});
  }

  const depthwise& t_;
  const sweep& s_;
  long several_;                           ///< filters that each output sums over
  long per_channel_;                       ///< weights of an output channel
  long row_step_, tap_step_, input_step_;  ///< from one tap's, and one position's, input to the next
  output_epilogue output_;
  long first_ = 0, last_ = 0;  ///< channels
  float* weights_ = nullptr;
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
