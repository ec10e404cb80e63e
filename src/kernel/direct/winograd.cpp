// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/winograd.cpp"
#include <algorithm>

#include <hwy/foreach_target.h>

#include "device/thread_memory.hpp"
#include "kernel/direct/panel.hpp"
#include "kernel/direct/winograd_transform.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// One share of a convolution by Winograd's algorithm F(4x4, 3x3): inputs and weights are transformed to 36
/// points, multiplied there as matrices, and the sums over input channels are transformed back. A strip of
/// tiles is transformed at a time. Weights are transformed where they are used: a transformed copy would take
/// four times the memory, and where few tiles share a weight, reading it would take longer than the
/// transform.
class winograd_convolving {
 public:
  explicit winograd_convolving(const convolution& c)
      : c_(c),
        s_(c.s),
        panels_(s_, 1),
        layout_(panels_.layout()),
        output_{c.after, c.y.extent.channels},
        down_((s_.y.outputs + tile_outputs - 1) / tile_outputs),
        across_((s_.x.outputs + tile_outputs - 1) / tile_outputs),
        depth_(s_.in.channels),
        block_(std::min<long>(most_block, layout_.block())) {}

  void run(share part) {
    const long tiles = s_.batch * down_ * across_;
    if (tiles == 0) return;
    // Threads divide the tiles or, if a thread had few, the stripes of channels, so that each transforms its
    // own weights.
    const bool by_stripes =
        most_columns % 8 == 0 && layout_.stripes() >= 2 * part.parts && tiles < enough_tiles * part.parts;
    const share all, of_stripes = by_stripes ? part : all, of_tiles = by_stripes ? all : part;
    const long first = of_tiles.first(tiles), last = of_tiles.last(tiles);
    if (first == last) return;
    first_stripe_ = of_stripes.first(layout_.stripes());
    last_stripe_ = of_stripes.last(layout_.stripes());
    if (first_stripe_ == last_stripe_) return;
    keeps_weights_ = last_stripe_ - first_stripe_ == 1 && depth_ <= block_;

    const long most = keeps_weights_
                          ? few_tiles
                          : std::clamp(most_elements / (points * depth_) / rows * rows, rows, most_tiles);
    const long strips = (last - first + most - 1) / most, strip = (last - first + strips - 1) / strips;
    room_ = (strip + rows - 1) / rows * rows;
    v_step_ = room_ * depth_ + line;
    m_step_ = room_ * most_columns + line;
    u_step_ = block_ * most_columns + line;
    const long transposed = panels_.transposed_elements();
    const thread_block memory(
        static_cast<std::size_t>(points * (v_step_ + m_step_ + u_step_) + transposed + depth_) *
            sizeof(float) +
        static_cast<std::size_t>(panels_.most_runs()) * sizeof(direct::run));
    v_ = static_cast<float*>(memory.data());
    m_ = v_ + points * v_step_;
    u_ = m_ + points * m_step_;
    zeros_ = u_ + points * u_step_ + transposed;
    panels_.place(u_ + points * u_step_, reinterpret_cast<direct::run*>(zeros_ + depth_));
    std::fill_n(zeros_, depth_, 0.0F);
    for (long p = 0; p < points; ++p)  // rows that fill the last register tile
      std::fill_n(v_ + p * v_step_ + strip * depth_, (room_ - strip) * depth_, 0.0F);
    panels_.aim(c_.packed, c_.scale);

    for (long from = first; from < last; from += strip)
      compute(from, std::min(from + strip, last), from == first);
  }

 private:
  static constexpr long points = tile_inputs * tile_inputs, rows = rows_of<most_vectors>, line = 16;
  static constexpr int few_rows = 4;
  static constexpr long most_block = 64;  // input channels whose weights stay in an L2 cache: 590 kB
  /// Tiles of a strip: many, so that each transformed weight serves many; few enough for a cache. Where one
  /// block of weights serves all strips, so few that the strip stays in the L2 cache beside it.
  static constexpr long most_tiles = 96, most_elements = 1'000'000, few_tiles = 24;
  /// Of fewer tiles, each thread transforms all, and a part of the weights.
  static constexpr long enough_tiles = 64;

  struct place {
    long n;
    int y, x;  ///< of the first output
  };
  place place_of(long tile) const {
    const long in_image = tile % (down_ * across_);
    return {tile / (down_ * across_), static_cast<int>(in_image / across_) * tile_outputs,
            static_cast<int>(in_image % across_) * tile_outputs};
  }

  void compute(long first, long last, bool first_strip) {
    for (long tile = first; tile < last; ++tile) gather(place_of(tile), v_ + (tile - first) * depth_);
    for (long stripe = first_stripe_; stripe < last_stripe_; ++stripe) {
      const long width = layout_.width(stripe);
      for (long b = 0; b < layout_.blocks(); ++b) {
        if (first_strip || !keeps_weights_) panels_.set({stripe, b}, nullptr);
        for (long k = 0; k < layout_.depth(b); k += block_) {
          const long depth = std::min(block_, layout_.depth(b) - k);
          if (first_strip || !keeps_weights_) set_weights(k, depth, width);
          multiply(last - first, b * layout_.block() + k, depth, width);
        }
      }
      for (long tile = first; tile < last; ++tile)
        finish(place_of(tile), m_ + (tile - first) * most_columns, stripe);
    }
  }

  /// Transforms a tile's inputs.
  HWY_NOINLINE void gather(const place& p, float* to) const {
    const float* from[tile_inputs][tile_inputs];
    for (int i = 0; i < tile_inputs; ++i)
      for (int j = 0; j < tile_inputs; ++j) {
        const int y = p.y + s_.y.offset + i, x = p.x + s_.x.offset + j;
        const bool inside = y >= 0 && y < s_.in.height && x >= 0 && x < s_.in.width;
        from[i][j] = inside ? c_.x.at((p.n * s_.in.height + y) * s_.in.width + x) : zeros_;
      }
    const vector_tag d;
    for (long c = 0; c < depth_; c += lanes)
      transform_both<6, 6>([](const auto& x, auto& t) { transform_inputs(x, t); },
                           [&](int i, int j) { return hn::LoadU(d, from[i][j] + c); },
                           [&](int i, int j, vector v) { hn::StoreU(v, d, to + (i * 6 + j) * v_step_ + c); });
  }

  /// Transforms input channels [first, first + depth) of the panel's weights.
  HWY_NOINLINE void set_weights(long first, long depth, long width) const {
    const vector_tag d;
    const direct::run* const taps = panels_.runs();
    for (long k = 0; k < depth; ++k)
      for (long c = 0; c < width; c += lanes) {
        const long from = (first + k) * width + c;
        float* const to = u_ + k * width + c;
        transform_both<3, 6>([](const auto& w, auto& t) { transform_weights(w, t); },
                             [&](int i, int j) { return hn::LoadU(d, taps[i * 3 + j].b + from); },
                             [&](int i, int j, vector v) { hn::StoreU(v, d, to + (i * 6 + j) * u_step_); });
      }
  }

  /// Adds the products of input channels [first, first + depth) to the sums of `tiles` tiles, at each point.
  void multiply(long tiles, long first, long depth, long width) {
    const int vectors = static_cast<int>(width) / lanes, height = tile_rows(vectors);
    const tile_function few = multiply_tile<most_vectors, few_rows, false>;
    const tile_function many =
        with_vectors(vectors, []<int V>() -> tile_function { return multiply_tile<V, rows_of<V>, false>; });
    const float* a[most_rows];
    float* sums[most_rows];
    for (long p = 0; p < points; ++p) {
      const direct::run along{u_ + p * u_step_, 0, first, depth};
      const tile_operands t{&along, 1, a, 1, width, first == 0 ? none_ : nullptr, sums, sums};
      for (long tile = 0; tile < tiles; tile += height) {
        for (int j = 0; j < height; ++j) {
          const long row = std::min(tile + j, room_ - 1);
          a[j] = v_ + p * v_step_ + row * depth_;
          sums[j] = m_ + p * m_step_ + row * most_columns;
        }
        (vectors == most_vectors && tiles - tile <= few_rows ? few : many)(t, nullptr);
      }
    }
  }

  /// Transforms a tile's sums back and writes its results.
  HWY_NOINLINE void finish(const place& p, const float* from, long stripe) const {
    const vector_tag d;
    const long channel = layout_.first(stripe), width = layout_.width(stripe);
    HWY_ALIGN float sums[tile_outputs][tile_outputs][most_columns];
    for (long c = 0; c < width; c += lanes) {
      const vector start = c_.bias ? hn::LoadU(d, c_.bias + channel + c) : hn::Zero(d);
      transform_both<6, 4>([](const auto& m, auto& t) { transform_outputs(m, t); },
                           [&](int i, int j) { return hn::LoadU(d, from + (i * 6 + j) * m_step_ + c); },
                           [&](int i, int j, vector v) { hn::Store(hn::Add(v, start), d, sums[i][j] + c); });
    }
    const int down = std::min(tile_outputs, s_.y.outputs - p.y),
              across = std::min(tile_outputs, s_.x.outputs - p.x);
    for (int i = 0; i < down; ++i) {
      long positions[tile_outputs];
      float* to[tile_outputs];
      for (int j = 0; j < across; ++j) {
        positions[j] = s_.place(p.n, p.y + i, p.x + j);
        to[j] = c_.y.at(positions[j]) + channel;
      }
      finish_rows(output_, {channel, channel + width, across, sums[i][0], most_columns, positions, 0, to, 0});
    }
  }

  const convolution& c_;
  const sweep& s_;
  panels panels_;
  const packing& layout_;
  output_epilogue output_;
  long down_, across_;  ///< tiles of an image
  long depth_, block_;  ///< input channels, and those whose weights are transformed at a time
  long first_stripe_ = 0, last_stripe_ = 0;
  bool keeps_weights_ = false;  ///< transformed weights are those of all strips
  long room_ = 0;               ///< tiles of a strip, in whole register tiles
  long v_step_ = 0, m_step_ = 0,
       u_step_ = 0;  ///< from one point to the next; not whole pages, which share cache sets
  float *v_ = nullptr, *m_ = nullptr, *u_ = nullptr, *zeros_ = nullptr;
  HWY_ALIGN float none_[most_columns] = {};
};

void convolve_by_winograd(const convolution& c, share part) { winograd_convolving(c).run(part); }

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(convolve_by_winograd);
void winograd::operator()(share part) const { HWY_DYNAMIC_DISPATCH(convolve_by_winograd)(c, part); }

}  // namespace salient::kernel::direct
#endif
