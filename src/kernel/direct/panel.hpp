// SPDX-License-Identifier: MIT

// A convolution's weights in the order in which its tiles read them. Highway includes this once for each
// instruction set.

#if defined(SALIENT_KERNEL_DIRECT_PANEL) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_PANEL
#undef SALIENT_KERNEL_DIRECT_PANEL
#else
#define SALIENT_KERNEL_DIRECT_PANEL
#endif

#include <algorithm>

#include "kernel/direct/packing.hpp"
#include "kernel/direct/sweep.hpp"
#include "kernel/direct/tile.hpp"
#include "kernel/direct/transpose.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// The weights of one stripe of output channels, as wide as a tile, and one block of input channels.
struct panel {
  long stripe, block;
};

/// The packed weights of a sweep, panel by panel, as the runs that a tile multiplies.
class panels {
 public:
  /// `reach`: taps of a row whose inputs are contiguous, all of the row's or 1.
  panels(const sweep& s, int reach)
      : s_(s),
        reach_(reach),
        taps_(static_cast<long>(s.y.taps) * s.x.taps),
        layout_(s.adjoint ? taps_ : s.kernel.area(), s.in.channels, s.out.channels, most_columns, lanes),
        packed_layout_(s.kernel.area(), s.adjoint ? s.out.channels : s.in.channels,
                       s.adjoint ? s.in.channels : s.out.channels, most_columns, lanes) {}

  const packing& layout() const { return layout_; }
  const direct::run* runs() const { return runs_; }
  long run_count() const { return run_count_; }

  /// Elements for an adjoint's transposed weights, in whole cache lines.
  long transposed_elements() const { return s_.adjoint ? (layout_.most() + 15) / 16 * 16 : 0; }
  long most_runs() const { return taps_ * ((layout_.block() + most_columns - 1) / most_columns); }
  void place(float* transposed, direct::run* runs) {
    transposed_ = transposed;
    runs_ = runs;
  }

  /// Selects one group's weights and, for an adjoint, the factors of its filters or null.
  void aim(const float* packed, const float* scale) {
    packed_ = packed;
    scale_ = scale;
  }

  /// Channels of a stripe, without the padding of its last vector.
  long channels_of(long stripe) const {
    return std::min(layout_.width(stripe), s_.out.channels - layout_.first(stripe));
  }

  panel after(const panel& p) const {
    return p.block + 1 < layout_.blocks() ? panel{p.stripe, p.block + 1} : panel{p.stripe + 1, 0};
  }

  /// Makes the runs of a panel. `next` is the following panel, to be prefetched, or null.
  void set(const panel& p, const panel* next) {
    if (s_.adjoint) transpose(p);
    if (packed_layout_.few()) next = nullptr;
    set_runs(p, next);
    lines_ahead_ = 0;
    if (!next || run_count_ == 0) return;
    if (s_.adjoint) {
      lines_ahead_ = channels_of(p.stripe) * most_columns / prefetch::line;
      return;
    }
    const float* const weights = packed_ + layout_.offset(next->stripe, next->block);
    const long each = (taps_ * layout_.entry_step(next->stripe, next->block) + run_count_ - 1) / run_count_;
    lines_ahead_ = (each + prefetch::line - 1) / prefetch::line;
    for (long i = 0; i < run_count_; ++i) runs_[i].ahead = weights + i * each;
  }

  /// Cache lines of the next panel that each run prefetches, spread over all tiles.
  long lines_ahead() const { return lines_ahead_; }

 private:
  /// An adjoint reads the forward convolution's packed weights with input and output channels exchanged. Each
  /// panel is transposed on every use: where many positions share a weight, this costs less time than a
  /// second copy would cost memory.
  void transpose(const panel& p) {
    const long channels = channels_of(p.stripe), depth = layout_.depth(p.block);
    const long filter_step = layout_.in_step(p.stripe), channel_step = layout_.out_step(p.block);
    for (long tap = 0; tap < taps_; ++tap) {
      float* const to = transposed_ + tap * layout_.entry_step(p.stripe, p.block);
      for (long k = 0; k < depth; k += most_columns)
        copy_matrix(channels, std::min<long>(most_columns, depth - k), packed(p, tap, k),
                    {to + k * filter_step, channel_step, filter_step},
                    scale_ ? scale_ + p.block * layout_.block() + k : nullptr);
      for (long c = channels; c < layout_.width(p.stripe); ++c)  // results discarded, but computed
        for (long k = 0; k < depth; ++k) to[k * filter_step + c] = 0;
    }
  }

  /// The packed weights of one tap of a panel that is to be transposed: a matrix of channels by filters,
  /// from the block's k-th filter on. Stripes of filters begin where blocks do, and so do stripes and
  /// blocks of channels.
  matrix<const float> packed(const panel& p, long tap, long k) const {
    const long filter = p.block * layout_.block() + k, channel = layout_.first(p.stripe);
    const long entry = (s_.y.entry + tap / s_.x.taps * s_.y.entry_step) * s_.kernel.width + s_.x.entry +
                       tap % s_.x.taps * s_.x.entry_step;
    return {packed_ + packed_layout_.offset(filter, entry, channel),
            packed_layout_.in_step(filter / packed_layout_.columns()),
            packed_layout_.out_step(channel / packed_layout_.block())};
  }

  /// If the last block is shorter than the one before it, that one prefetches some stretches twice.
  const float* ahead(const panel& p, long tap, long k) const {
    return packed(p, tap, k < layout_.depth(p.block) ? k : 0).at;
  }

  /// Makes runs of the contiguous stretches that windows and panel share. With `next`, runs are short, so
  /// that what each prefetches of the next panel, for an adjoint one stretch of what is to be transposed, is
  /// spread over the tile.
  void set_runs(const panel& p, const panel* next) {
    run_count_ = 0;
    const float* const weights = s_.adjoint ? transposed_ : packed_ + layout_.offset(p.stripe, p.block);
    const long first = p.block * layout_.block(), depth = layout_.depth(p.block);
    const bool merge = !(next && s_.adjoint) && layout_.blocks() == 1;
    const int merged = merge ? reach_ : 1;
    const long all = merged * depth, length = next ? most_columns : all;
    for (int ty = 0; ty < s_.y.taps; ++ty)
      for (int tx = 0; tx < s_.x.taps; tx += merged) {
        const long tap = static_cast<long>(ty) * s_.x.taps + tx;
        for (long k = 0; k < all; k += length)
          runs_[run_count_++] = {
              weights + tap * layout_.entry_step(p.stripe, p.block) + k * layout_.in_step(p.stripe),
              tap / reach_, static_cast<long>(tx % reach_) * s_.in.channels + first + k,
              std::min(length, all - k), next && s_.adjoint ? ahead(*next, tap, k) : nullptr};
      }
  }

  const sweep& s_;
  int reach_;
  long taps_;
  packing layout_;         ///< of the weights that the sweep reads
  packing packed_layout_;  ///< of the weights in packed_
  const float *packed_ = nullptr, *scale_ = nullptr;
  float* transposed_ = nullptr;
  direct::run* runs_ = nullptr;
  long run_count_ = 0, lines_ahead_ = 0;
};

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
