// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/convolve.cpp"
#include <algorithm>
#include <cstring>
#include <limits>

#include <hwy/foreach_target.h>

#include "device/thread_memory.hpp"
#include "kernel/direct/packing.hpp"
#include "kernel/direct/tile.hpp"
#include "kernel/direct/transpose.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// Output positions of a batch, row by row, as a sweep counts them.
struct position {
  long n;
  int y, x;

  position(long flat, const sweep& s)
      : n(flat / (static_cast<long>(s.y.outputs) * s.x.outputs)),
        y(static_cast<int>(flat / s.x.outputs % s.y.outputs)),
        x(static_cast<int>(flat % s.x.outputs)) {}

  /// Within a row, or to the start of the next.
  void advance(int columns, const sweep& s) {
    if ((x += columns) < s.x.outputs) return;
    x = 0;
    if (++y < s.y.outputs) return;
    y = 0;
    ++n;
  }
};

/// The weights of one group of output channels and one block of input channels.
struct panel {
  long group, block;
};

/// One share of a sweep: a range of output positions, in tiles of neighbours, and a range of channel groups.
class convolution {
 public:
  convolution(const sweep& s, const float* x, const float* packed, const float* bias, const finish& f,
              float* y)
      : s_(s),
        x_(x),
        packed_(packed),
        bias_(bias),
        finish_(f),
        y_(y),
        taps_(static_cast<long>(s.y.taps) * s.x.taps),
        layout_(s.adjoint ? taps_ : s.kernel.area(), s.in.channels, s.out.channels, most_columns, lanes),
        packed_layout_(s.kernel.area(), s.adjoint ? s.out.channels : s.in.channels,
                       s.adjoint ? s.in.channels : s.out.channels, most_columns, lanes) {}

  void run(share part) {
    if (s_.positions() == 0) return;
    pitch_ = static_cast<long>(s_.x.taps) * s_.in.channels;
    const long pointers = static_cast<long>(s_.y.taps) * most_rows;
    // Of this thread's memory: an adjoint's weights, in whole cache lines, the runs, the rows' pointers,
    // zeros for what is above and below the image, and the windows that reach over its sides.
    const long turned = s_.adjoint ? (layout_.most() + 15) / 16 * 16 : 0;
    const long runs = taps_ * ((layout_.block() + most_columns - 1) / most_columns);
    memory_ = static_cast<char*>(
        borrow_thread_memory(static_cast<std::size_t>(runs) * sizeof(direct::run) +
                             static_cast<std::size_t>(pointers) * sizeof(float*) +
                             static_cast<std::size_t>(turned + pitch_ * (1 + pointers)) * sizeof(float)));
    turned_ = reinterpret_cast<float*>(memory_);
    runs_ = reinterpret_cast<direct::run*>(turned_ + turned);
    a_ = reinterpret_cast<const float**>(runs_ + runs);
    zeros_ = reinterpret_cast<float*>(a_ + pointers);
    windows_ = zeros_ + pitch_;
    std::fill_n(zeros_, pitch_, 0.0F);

    // Whichever of positions and channels is the larger is shared out; large weights are then read by one
    // thread each.
    const long tiles = (s_.positions() + most_rows - 1) / most_rows;
    const bool by_groups = layout_.groups() >= 2 * part.parts && layout_.groups() * 8 > tiles;
    const share all, groups = by_groups ? part : all, positions = by_groups ? all : part;
    const long first = std::min(positions.first(tiles) * most_rows, s_.positions());
    const long last = std::min(positions.last(tiles) * most_rows, s_.positions());
    const long end = first < last ? groups.last(layout_.groups()) : 0;
    for (panel p{groups.first(layout_.groups()), 0}; p.group < end;) {
      const panel next = p.block + 1 < layout_.blocks() ? panel{p.group, p.block + 1} : panel{p.group + 1, 0};
      if (p.block == 0) set_start(p.group);
      if (s_.adjoint) turn(p);
      set_runs(p, s_.adjoint && !packed_layout_.few() && next.group < end ? &next : nullptr);
      walk(p, first, last);
      p = next;
    }
    return_thread_memory(memory_);
  }

 private:
  void set_start(long g) {
    const long channels = channels_of(g);
    for (long i = 0; i < room; ++i) start_[i] = bias_ && i < channels ? bias_[layout_.first(g) + i] : 0;
  }

  /// An adjoint's weights are those of the convolution, packed for it, with output and input channels changed
  /// over: turned round panel by panel, each time, which where many positions read a weight costs less than a
  /// second copy of it would take memory.
  void turn(const panel& p) {
    const long channels = channels_of(p.group), depth = layout_.depth(p.block);
    const long filter_step = layout_.in_step(p.group), channel_step = layout_.out_step(p.block);
    for (long tap = 0; tap < taps_; ++tap) {
      float* const to = turned_ + tap * layout_.entry_step(p.group, p.block);
      for (long k = 0; k < depth; k += most_columns)
        copy_matrix(channels, std::min<long>(most_columns, depth - k), unturned(p, tap, k),
                    {to + k * filter_step, channel_step, filter_step});
      for (long c = channels; c < layout_.width(p.group); ++c)  // thrown away in the end, but computed with
        for (long k = 0; k < depth; ++k) to[k * filter_step + c] = 0;
    }
  }

  /// Of a panel to be turned, a tap's weights as they are packed: rows of channels, columns of some filters
  /// from the block's k-th on. As groups of filters begin where blocks of them do, so do groups of channels
  /// and blocks.
  matrix<const float> unturned(const panel& p, long tap, long k) const {
    const long filter = p.block * layout_.block() + k, channel = layout_.first(p.group);
    const long entry = (s_.y.entry + tap / s_.x.taps * s_.y.entry_step) * s_.kernel.width + s_.x.entry +
                       tap % s_.x.taps * s_.x.entry_step;
    return {packed_ + packed_layout_.offset(filter, entry, channel),
            packed_layout_.in_step(filter / packed_layout_.columns()),
            packed_layout_.out_step(channel / packed_layout_.block())};
  }

  /// The last block may be shorter than the one before it, which then has some stretches twice.
  const float* ahead(const panel& p, long tap, long k) const {
    return unturned(p, tap, k < layout_.depth(p.block) ? k : 0).at;
  }

  /// Channels of a group without those that fill up its last vector.
  long channels_of(long g) const { return std::min(layout_.width(g), s_.out.channels - layout_.first(g)); }

  /// The stretches of memory that a window and a block of weights have in common. If `next` is not null, each
  /// is as long as what has one stretch of the panel to be turned next, which it then has ahead.
  void set_runs(const panel& p, const panel* next) {
    run_count_ = 0;
    const float* const weights = s_.adjoint ? turned_ : packed_ + layout_.offset(p.group, p.block);
    const long first = p.block * layout_.block(), depth = layout_.depth(p.block);
    const bool merge = !next && layout_.blocks() == 1;
    const long length = next ? most_columns : merge ? pitch_ : depth;
    for (int ty = 0; ty < s_.y.taps; ++ty)
      for (int tx = 0; tx < (merge ? std::min(1, s_.x.taps) : s_.x.taps); ++tx) {
        const long tap = static_cast<long>(ty) * s_.x.taps + tx;
        for (long k = 0; k < depth; k += length)
          runs_[run_count_++] = {
              weights + tap * layout_.entry_step(p.group, p.block) + k * layout_.in_step(p.group), ty,
              static_cast<long>(tx) * s_.in.channels + first + k,
              merge ? pitch_ : std::min(length, depth - k), next ? ahead(*next, tap, k) : nullptr};
      }
  }

  void walk(const panel& panel, long first, long last) {
    const long g = panel.group, b = panel.block;
    const bool resumed = b > 0, final = b + 1 == layout_.blocks();
    const long width = layout_.width(g), channels = channels_of(g);
    const bool whole = channels == width;
    const int vectors = static_cast<int>(width) / lanes;
    const int rows = layout_.few() ? few_rows(static_cast<int>(width)) : tile_rows(vectors);
    float* c[most_rows];
    bool* signs[most_rows];
    const bool* gate[most_rows];
    const bool signed_ = final && finish_.signs, gated = final && finish_.gate;
    tile_operands t{runs_,
                    run_count_,
                    a_,
                    1,
                    layout_.in_step(g),
                    resumed ? nullptr : start_,
                    c,
                    signed_ ? signs : nullptr,
                    gated ? gate : nullptr,
                    final && finish_.rectify ? 0.0F : -std::numeric_limits<float>::infinity()};
    long lines = 0;  // of a stretch that is to be fetched
    if (run_count_ > 0 && runs_[0].ahead) {
      const long tiles = (last - first + rows - 1) / rows;
      lines = channels * most_columns / errand::line;
      t.fetch.count = (lines + tiles - 1) / tiles;
    }
    position p(first, s_);
    const long a_step = static_cast<long>(rows) * s_.x.stride * s_.in.channels,
               c_step = static_cast<long>(rows) * s_.x.step * s_.out.channels;
    for (long at = first; at < last;) {
      const int some = static_cast<int>(std::min<long>(rows, last - at));
      // Tiles that follow each other in a row, inside the image, are the first of them shifted: to aim each
      // would take an eighth of the time that products of three channels do.
      const long tiles = std::min(std::min(inside(p), last - at) / rows, whole ? last : 1);
      long places[most_rows];
      if (tiles > 0) {
        aim_side_by_side(p, rows);
        for (int j = 0; j < rows; ++j) places[j] = place(p, g) + j * s_.x.step * s_.out.channels;
        p.advance(static_cast<int>(tiles) * rows, s_);
        at += tiles * rows;
      } else {
        for (int j = 0; j < some; ++j, p.advance(1, s_)) {
          aim(p, j, b);
          places[j] = place(p, g);
        }
        at += some;
      }
      for (int j = 0; j < rows; ++j) {
        // Rows beyond the last compute the last again, to be thrown away.
        if (j >= some)
          for (int ty = 0; ty < s_.y.taps; ++ty) a_[ty * most_rows + j] = a_[ty * most_rows + some - 1];
        const bool own = j < some;
        const long place = places[own ? j : some - 1];
        c[j] = whole && own ? y_ + place : spare_ + j * room;
        if (signed_) signs[j] = whole && own ? finish_.signs + place : spare_signs_ + j * room;
        if (gated) gate[j] = finish_.gate + place;
        if (whole && own) continue;
        if (resumed) std::memcpy(c[j], y_ + place, static_cast<std::size_t>(channels) * sizeof(float));
        if (gated && !whole) {
          std::memcpy(spare_gate_ + j * room, gate[j], static_cast<std::size_t>(channels));
          gate[j] = spare_gate_ + j * room;
        }
      }
      t.a_shift = t.c_shift = 0;
      for (long i = 0; i < std::max(tiles, 1L); ++i, t.a_shift += a_step, t.c_shift += c_step) {
        if (layout_.few())
          multiply_few(static_cast<int>(width), layout_.out_step(b), t);
        else
          multiply_tile(vectors, t);
        t.fetch.from += t.fetch.count;
        t.fetch.count = std::min(t.fetch.count, lines - t.fetch.from);
      }
      if (!whole)
        for (int j = 0; j < some; ++j) {
          std::memcpy(y_ + places[j], c[j], static_cast<std::size_t>(channels) * sizeof(float));
          if (signed_) std::memcpy(finish_.signs + places[j], signs[j], static_cast<std::size_t>(channels));
        }
    }
  }

  /// Where the results of a position and a group go.
  long place(const position& p, long g) const {
    const long row = p.n * s_.out.height + s_.y.first + static_cast<long>(p.y) * s_.y.step;
    return (row * s_.out.width + s_.x.first + static_cast<long>(p.x) * s_.x.step) * s_.out.channels +
           layout_.first(g);
  }

  /// How many positions, from this on and in its row, have windows inside the image.
  long inside(const position& p) const {
    const int top = p.y * s_.y.stride + s_.y.offset, left = p.x * s_.x.stride + s_.x.offset;
    const int beside = s_.in.width - s_.x.taps - left;
    if (top < 0 || top + s_.y.taps > s_.in.height || left < 0 || beside < 0) return 0;
    return std::min(beside / s_.x.stride + 1, s_.x.outputs - p.x);
  }

  /// Points the tile's rows at the windows of neighbours in one row, all of which lie inside the image.
  void aim_side_by_side(const position& p, int rows) {
    const int top = p.y * s_.y.stride + s_.y.offset, left = p.x * s_.x.stride + s_.x.offset;
    const long line = static_cast<long>(s_.in.width) * s_.in.channels;
    const long step = static_cast<long>(s_.x.stride) * s_.in.channels;
    const float* at = x_ + p.n * s_.in.elements() + top * line + static_cast<long>(left) * s_.in.channels;
    for (int ty = 0; ty < s_.y.taps; ++ty, at += line)
      for (int j = 0; j < rows; ++j) a_[ty * most_rows + j] = at + j * step;
  }

  /// Points row j of the tile at the window of a position; at a copy with zeros where it reaches over a side.
  void aim(const position& p, int j, long b) {
    const int top = p.y * s_.y.stride + s_.y.offset, left = p.x * s_.x.stride + s_.x.offset;
    const long line = static_cast<long>(s_.in.width) * s_.in.channels;
    const float* const corner =
        x_ + p.n * s_.in.elements() + top * line + static_cast<long>(left) * s_.in.channels;
    const bool inside = left >= 0 && left + s_.x.taps <= s_.in.width;
    for (int ty = 0; ty < s_.y.taps; ++ty) {
      const bool above_or_below = top + ty < 0 || top + ty >= s_.in.height;
      a_[ty * most_rows + j] = above_or_below ? zeros_
                               : inside       ? corner + ty * line
                                              : copy(corner + ty * line, left, j, ty, b);
    }
  }

  const float* copy(const float* from, int left, int j, int ty, long b) {
    float* const to = windows_ + (static_cast<long>(j) * s_.y.taps + ty) * pitch_;
    for (int tx = 0; tx < s_.x.taps; ++tx) {
      const long offset = static_cast<long>(tx) * s_.in.channels + b * layout_.block();
      const bool beside = left + tx < 0 || left + tx >= s_.in.width;
      const auto bytes = static_cast<std::size_t>(layout_.depth(b)) * sizeof(float);
      if (beside)
        std::memset(to + offset, 0, bytes);
      else
        std::memcpy(to + offset, from + offset, bytes);
    }
    return to;
  }

  const sweep& s_;
  const float *x_, *packed_, *bias_;
  const finish& finish_;
  float* y_;
  long taps_;
  packing layout_;         ///< of the weights that the sweep reads
  packing packed_layout_;  ///< of those in packed_

  char* memory_ = nullptr;
  float* turned_ = nullptr;
  const float** a_ = nullptr;
  direct::run* runs_ = nullptr;
  long run_count_ = 0, pitch_ = 0;
  float *zeros_ = nullptr, *windows_ = nullptr;
  static constexpr int room = most_columns > packing::most_few ? most_columns : packing::most_few;
  HWY_ALIGN float start_[room];
  HWY_ALIGN float spare_[most_rows * room];
  bool spare_signs_[most_rows * room], spare_gate_[most_rows * room];
};

void convolve(const sweep& s, share part, const float* x, const float* packed, const float* bias,
              const finish& f, float* y) {
  convolution(s, x, packed, bias, f, y).run(part);
}

/// Calls visit(offset, step, count) for each stretch of packed weights that are neighbours unpacked, in the
/// order of unpacked weights.
template <class F>
void for_each_stretch(const packing& layout, long area, long first, long last, const F& visit) {
  for (long o = first; o < last; ++o)
    for (long entry = 0; entry < area; ++entry)
      for (long b = 0; b < layout.blocks(); ++b)
        visit(layout.offset(o, entry, b * layout.block()), layout.in_step(o / layout.columns()),
              layout.depth(b));
}

void pack(const window& w, int filters, int channels, long first, long count, const float* weight,
          float* packed) {
  const packing layout(w.area(), channels, filters, most_columns, lanes);
  for_each_stretch(layout, w.area(), first, first + count, [&](long at, long step, long size) {
    for (long i = 0; i < size; ++i) packed[at + i * step] = *weight++;
  });
  if (first + count == filters)
    for_each_stretch(layout, w.area(), filters, layout.outputs(), [&](long at, long step, long size) {
      for (long i = 0; i < size; ++i) packed[at + i * step] = 0;
    });
}

void unpack(const window& w, int filters, int channels, const float* packed, float* weight) {
  const packing layout(w.area(), channels, filters, most_columns, lanes);
  for_each_stretch(layout, w.area(), 0, filters, [&](long at, long step, long size) {
    for (long i = 0; i < size; ++i) *weight++ = packed[at + i * step];
  });
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(convolve);
HWY_EXPORT(pack);
HWY_EXPORT(unpack);

void convolve(const sweep& s, share part, const float* x, const float* packed, const float* bias,
              const finish& f, float* y) {
  HWY_DYNAMIC_DISPATCH(convolve)(s, part, x, packed, bias, f, y);
}

void pack(const window& w, int filters, int channels, long first, long count, const float* weight,
          float* packed) {
  HWY_DYNAMIC_DISPATCH(pack)(w, filters, channels, first, count, weight, packed);
}

void unpack(const window& w, int filters, int channels, const float* packed, float* weight) {
  HWY_DYNAMIC_DISPATCH(unpack)(w, filters, channels, packed, weight);
}

}  // namespace salient::kernel::direct
#endif
