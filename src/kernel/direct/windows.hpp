// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "kernel/direct/run.hpp"
#include "kernel/direct/sweep.hpp"
#include "salient/core/view.hpp"

namespace salient::kernel::direct {

/// An output position of a batch, in the sweep's row-major order.
struct position {
  long n;
  int y, x;

  position(long flat, const sweep& s)
      : n(flat / (static_cast<long>(s.y.outputs) * s.x.outputs)),
        y(static_cast<int>(flat / s.x.outputs % s.y.outputs)),
        x(static_cast<int>(flat % s.x.outputs)) {}

  /// Moves within a row, or to the start of the next one.
  void advance(int columns, const sweep& s) {
    if ((x += columns) < s.x.outputs) return;
    x = 0;
    if (++y < s.y.outputs) return;
    y = 0;
    ++n;
  }
};

/// The windows that a tile's rows read: one pointer for each line of a window, most_rows at a time. A line is
/// a row of taps if their inputs are contiguous, otherwise one tap.
class windows {
 public:
  windows(const sweep& s, int reach)
      : s_(s), reach_(reach), across_(s.x.taps / reach), line_(static_cast<long>(reach) * s.in.channels) {}

  /// Taps of a row whose inputs are contiguous: all of them, or 1.
  static int reach_of(const sweep& s, const view<const float>& x) {
    return s.x.taps > 0 && s.x.spacing == 1 && x.contiguous() ? s.x.taps : 1;
  }

  /// Sizes of the pointer table, and of the buffer for a line of zeros and copies of lines that cross the
  /// image's sides.
  long pointer_count() const { return static_cast<long>(s_.y.taps) * across_ * most_rows; }
  long elements() const { return line_ * (1 + (reach_ > 1 ? pointer_count() : 0)); }
  void place(const float** pointers, float* elements) {
    pointers_ = pointers;
    zeros_ = elements;
    copies_ = elements + line_;
    std::fill_n(zeros_, line_, 0.0F);
  }

  /// Selects the channels of one group.
  void aim(const view<const float>& x) {
    x_ = x;
    row_step_ = static_cast<long>(s_.y.spacing) * s_.in.width * x.pitch;
    tap_step_ = static_cast<long>(s_.x.spacing) * x.pitch;
  }
  const float* const* pointers() const { return pointers_; }

  /// Counts the positions from p to the end of its row whose windows lie inside the image, up to the first
  /// that does not.
  long inside(const position& p) const {
    const int top = p.y * s_.y.stride + s_.y.offset, left = p.x * s_.x.stride + s_.x.offset;
    const int below = s_.in.height - 1 - (s_.y.taps - 1) * s_.y.spacing - top;
    const int beside = s_.in.width - 1 - (s_.x.taps - 1) * s_.x.spacing - left;
    if (top < 0 || below < 0 || left < 0 || beside < 0) return 0;
    return std::min(beside / s_.x.stride + 1, s_.x.outputs - p.x);
  }

  /// From the input of one position to that of its neighbour in the row.
  long step() const { return static_cast<long>(s_.x.stride) * x_.pitch; }

  /// Points the tile's rows at the windows of neighbouring positions in one row, all inside the image.
  void point_side_by_side(const position& p, int rows) {
    const corner at = corner_of(p);
    const float** to = pointers_;
    for (int ty = 0; ty < s_.y.taps; ++ty)
      for (int line = 0; line < across_; ++line, to += most_rows) {
        const float* const first = x_.data + at.offset + ty * row_step_ + line * tap_step_;
        for (int j = 0; j < rows; ++j) to[j] = first + j * step();
      }
  }

  /// Points row j of the tile at the window of p. Lines outside the image are replaced by zeros, and lines
  /// that cross a side by a zero-padded copy, of channels [first, first + depth) only.
  void point(const position& p, int j, long first, long depth) {
    const corner at = corner_of(p);
    const float** to = pointers_ + j;
    for (int ty = 0; ty < s_.y.taps; ++ty) {
      const int y = at.y + ty * s_.y.spacing;
      const bool above_or_below = y < 0 || y >= s_.in.height;
      for (int line = 0; line < across_; ++line, to += most_rows) {
        const int x = at.x + line * s_.x.spacing;
        const long offset = at.offset + ty * row_step_ + line * tap_step_;
        if (above_or_below || x + reach_ <= 0 || x >= s_.in.width)
          *to = zeros_;
        else if (x >= 0 && x + reach_ <= s_.in.width)
          *to = x_.data + offset;
        else
          *to = copy(offset, x, (to - pointers_) * line_, first, depth);
      }
    }
  }

  /// Points row j at the window of row `other`.
  void repeat(int j, int other) {
    for (const float** to = pointers_; to != pointers_ + pointer_count(); to += most_rows) to[j] = to[other];
  }

 private:
  /// Where a position's window begins: in image coordinates, possibly outside of it, and as an offset from
  /// x's first element.
  struct corner {
    int y, x;
    long offset;
  };
  corner corner_of(const position& p) const {
    const int y = p.y * s_.y.stride + s_.y.offset, x = p.x * s_.x.stride + s_.x.offset;
    return {y, x, ((p.n * s_.in.height + y) * s_.in.width + x) * x_.pitch};
  }

  /// Copies the line at `offset`, which begins at image column x, with zeros outside the image.
  const float* copy(long offset, int x, long place, long first, long depth) {
    float* const to = copies_ + place;
    for (int tx = 0; tx < reach_; ++tx) {
      const long at = static_cast<long>(tx) * s_.in.channels + first;
      const auto bytes = static_cast<std::size_t>(depth) * sizeof(float);
      if (x + tx < 0 || x + tx >= s_.in.width)
        std::memset(to + at, 0, bytes);
      else
        std::memcpy(to + at, x_.data + offset + at, bytes);
    }
    return to;
  }

  const sweep& s_;
  int reach_, across_;
  long line_;
  view<const float> x_{};
  long row_step_ = 0, tap_step_ = 0;  ///< from one line of a window to the next
  const float** pointers_ = nullptr;
  float *zeros_ = nullptr, *copies_ = nullptr;
};

}  // namespace salient::kernel::direct
