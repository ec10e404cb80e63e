// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/convolve.cpp"
#include <algorithm>

#include <hwy/foreach_target.h>

#include "device/thread_memory.hpp"
#include "kernel/direct/edge.hpp"
#include "kernel/direct/few.hpp"
#include "kernel/direct/panel.hpp"
#include "kernel/direct/windows.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// One share of a convolution: a range of output positions, or a range of stripes of output channels. Results
/// are computed in tiles of neighbouring positions.
class convolving {
 public:
  explicit convolving(const convolution& c)
      : c_(c),
        s_(c.s),
        windows_(s_, windows::reach_of(s_, c.x.channels(0, s_.in.channels))),
        panels_(s_, windows::reach_of(s_, c.x.channels(0, s_.in.channels))),
        layout_(panels_.layout()),
        output_{c.after, c.y.extent.channels},
        in_registers_(in_registers(c.after)),
        masked_(has_masks(c.after)),
        reads_output_(c.after.addend.data == c.y.data || c.after.outer_addend.data == c.y.data),
        gathers_aside_(layout_.blocks() > 1 && reads_output_) {}

  void run(share part) {
    if (s_.positions() == 0) return;
    const long transposed = panels_.transposed_elements(), gathered = gathers_aside_ ? strip * room : 0;
    const thread_block memory(static_cast<std::size_t>(transposed + gathered) * sizeof(float) +
                              static_cast<std::size_t>(panels_.most_runs()) * sizeof(direct::run) +
                              windows_.bytes());
    float* const weights = static_cast<float*>(memory.data());
    gathered_ = weights + transposed;
    auto* const runs = reinterpret_cast<direct::run*>(gathered_ + gathered);
    panels_.place(weights, runs);
    windows_.place(runs + panels_.most_runs());

    // Threads divide the positions or the channels, whichever there are more of, so that large weights are
    // read by one thread each. No two threads write to the same byte of a mask: its rows are whole bytes, and
    // so are the units of channels.
    constexpr long unit = std::max(lanes, 8);
    const long tiles = (s_.positions() + most_rows - 1) / most_rows,
               units = (layout_.outputs() + unit - 1) / unit;
    const bool by_channels =
        c_.groups == 1 && !layout_.few() && units >= 4 * part.parts && layout_.stripes() * 8 > tiles;
    const share all, own_channels = by_channels ? part : all, positions = by_channels ? all : part;
    const channel_range channels{own_channels.first(units) * unit,
                                 std::min(own_channels.last(units) * unit, layout_.outputs())};
    const long first = std::min(positions.first(tiles) * most_rows, s_.positions());
    const long last = std::min(positions.last(tiles) * most_rows, s_.positions());
    const long step = gathers_aside_ ? strip : std::max(last - first, 1L);
    for (group_ = 0; group_ < c_.groups; ++group_) {
      aim();
      for (long from = first; from < last; from += step)
        convolve(channels, from, std::min(from + step, last));
    }
  }

 private:
  void aim() {
    windows_.aim(c_.x.channels(group_ * s_.in.channels, s_.in.channels));
    panels_.aim(c_.packed + group_ * group_elements(),
                c_.scale ? c_.scale + group_ * s_.in.channels : nullptr);
  }
  long group_elements() const {
    const long in = s_.in.channels, out = s_.out.channels;
    return packed_elements(
        {s_.kernel, static_cast<int>(s_.adjoint ? out : in), static_cast<int>(s_.adjoint ? in : out)});
  }

  /// Output channels of a group, with those that fill its last vector.
  struct channel_range {
    long first, last;
  };

  void convolve(channel_range own, long first, long last) {
    const long end = (own.last + layout_.columns() - 1) / layout_.columns();
    for (panel p{own.first / layout_.columns(), 0}; p.stripe < end;) {
      const panel next = panels_.after(p);
      const long begin = layout_.first(p.stripe);
      columns_ = {std::max(own.first - begin, 0L), std::min(own.last - begin, layout_.width(p.stripe))};
      if (p.block == 0) set_start(p.stripe);
      panels_.set(p, next.stripe < end ? &next : nullptr);
      walk(p, first, last);
      p = next;
    }
  }

  /// The first of a stripe's channels in the whole output.
  long channel_of(long stripe) const { return group_ * s_.out.channels + layout_.first(stripe); }

  void set_start(long stripe) {
    const long channels = panels_.channels_of(stripe);
    for (long i = 0; i < room; ++i) start_[i] = c_.bias && i < channels ? c_.bias[channel_of(stripe) + i] : 0;
  }

  /// Computes the tiles of one panel over positions [first, last) in the sweep's order.
  void walk(const panel& panel, long first, long last) {
    const long b = panel.block, offset = columns_.first, width = columns_.last - offset,
               columns = std::min(width, panels_.channels_of(panel.stripe) - offset),
               channel = channel_of(panel.stripe) + offset;
    const bool final = b + 1 == layout_.blocks(), finishes = final && !c_.after.empty(), few = layout_.few();
    // Sums are stored straight from registers unless some columns are padding or the epilogue cannot run
    // in registers.
    const bool straight = columns == width &&
                          (!finishes || (in_registers_ && !few && (!masked_ || (channel | width) % 8 == 0)));
    // Or the sums are stored first, and the epilogue runs on a tile of them.
    const bool afterwards = finishes && !straight && columns == width && !few && !reads_output_;
    const int vectors = static_cast<int>(width) / lanes;
    const int rows = few ? few_rows(static_cast<int>(width)) : tile_rows(vectors);
    const tile_function multiply =
        few ? few_of(static_cast<int>(width)) : tile_of(vectors, straight && finishes);

    long places[most_rows];
    float *gathered[most_rows], *results[most_rows];
    float* const* const sums = gathers_aside_ ? gathered : results;
    tile_epilogue after{output_, channel, places};
    tile_operands t{panels_.runs(),
                    panels_.run_count(),
                    windows_.pointers(),
                    1,
                    layout_.in_step(panel.stripe),
                    b == 0 ? start_ + offset : nullptr,
                    sums,
                    final ? results : sums};
    t.b_shift = offset;
    t.column_step = layout_.out_step(b);
    const long all_tiles = (last - first + rows - 1) / rows, prefetched = panels_.lines_ahead();
    t.fetch.count = (prefetched + all_tiles - 1) / all_tiles;
    const long place_step = static_cast<long>(rows) * s_.x.step, result_step = place_step * c_.y.pitch,
               sum_step = gathers_aside_ ? rows * room : result_step;
    const auto set_row = [&](int j, long place) {
      places[j] = place;
      results[j] = c_.y.at(place) + channel;
    };
    position p(first, s_);
    for (long at = first; at < last;) {
      // Neighbouring tiles of a row inside the image differ only by a shift, so pointers are set up for the
      // first one alone. Setting them up for each tile took an eighth of the time of a 3-channel convolution.
      const long inside = std::min(windows_.inside(p), last - at) / rows, tiles = std::max(inside, 1L);
      const int some = static_cast<int>(std::min<long>(rows, last - at));
      if (inside > 0) {
        windows_.point_side_by_side(p, rows);
        long place = s_.place(p.n, p.y, p.x);
        for (int j = 0; j < rows; ++j, place += s_.x.step) set_row(j, place);
        p.advance(static_cast<int>(tiles) * rows, s_);
      } else {
        for (int j = 0; j < some; ++j, p.advance(1, s_)) {
          windows_.point(p, j, b * layout_.block(), layout_.depth(b));
          set_row(j, s_.place(p.n, p.y, p.x));
        }
        // Rows beyond the last repeat it; their results are discarded.
        for (int j = some; j < rows; ++j) {
          windows_.repeat(j, some - 1);
          set_row(j, places[some - 1]);
        }
      }
      if (gathers_aside_)
        for (int j = 0; j < rows; ++j) gathered[j] = gathered_ + (at - first + std::min(j, some - 1)) * room;
      t.a_shift = t.from_shift = t.to_shift = after.position_shift = 0;
      for (long i = 0; i < tiles; ++i) {
        if (straight && some == rows) {
          multiply(t, &after);
        } else if (afterwards && some == rows) {
          multiply(t, nullptr);
          finish_rows(output_, {channel, channel + width, rows, nullptr, 0, places, after.position_shift,
                                results, t.to_shift});
        } else if (straight) {
          edge_.compute_rows({some, columns, &after}, rows, t,
                             last_tile(some, vectors, few, finishes, multiply));
        } else {
          edge_.compute({some, columns, finishes ? &after : nullptr}, t,
                        last_tile(some, vectors, few, false, multiply));
        }
        t.a_shift += rows * windows_.step();
        t.from_shift += sum_step;
        t.to_shift += final ? result_step : sum_step;
        after.position_shift += place_step;
        t.fetch.from += t.fetch.count;
        t.fetch.count = std::min(t.fetch.count, prefetched - t.fetch.from);
      }
      at += inside > 0 ? tiles * rows : some;
    }
  }

  /// The function for the last tile, which may have less rows.
  static tile_function last_tile(int some, int vectors, bool few, bool finishes, tile_function usual) {
    return few ? usual : tile_of(some, vectors, finishes, usual);
  }

  const convolution& c_;
  const sweep& s_;
  windows windows_;
  panels panels_;
  const packing& layout_;
  output_epilogue output_;
  bool in_registers_, masked_, reads_output_;
  /// Partial sums of several blocks accumulate in y, unless the epilogue still reads y. Then they accumulate
  /// in thread memory, for one strip of positions at a time.
  bool gathers_aside_;
  static constexpr long strip = 1024;
  float* gathered_ = nullptr;
  int group_ = 0;
  channel_range columns_{};  ///< those of the current stripe that this share computes, from its first on
  static constexpr int room = most_columns > packing::most_few ? most_columns : packing::most_few;
  HWY_ALIGN float start_[room];
  edge_tile edge_;
};

void convolve(const convolution& c, share part) { convolving(c).run(part); }

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(convolve);
void convolution::operator()(share part) const { HWY_DYNAMIC_DISPATCH(convolve)(*this, part); }

}  // namespace salient::kernel::direct
#endif
