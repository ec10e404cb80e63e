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

  position(long image, int row, int column) : n(image), y(row), x(column) {}
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
      : s_(s), reach_(reach), across_(s.x.taps / reach), length_(static_cast<long>(reach) * s.in.channels) {}

  /// Taps of a row whose inputs are contiguous: all of them, or 1.
  static int reach_of(const sweep& s, const view<const float>& x) {
    return s.x.taps > 0 && s.x.spacing == 1 && x.contiguous() ? s.x.taps : 1;
  }

  /// Memory for the pointer table, the lines of the current row, a line of zeros, and copies of lines that
  /// cross the image's sides. It must be aligned as pointers are.
  std::size_t bytes() const {
    return static_cast<std::size_t>(pointer_count()) * sizeof(float*) +
           static_cast<std::size_t>(s_.y.taps) * sizeof(line) +
           static_cast<std::size_t>(length_ * (1 + (reach_ > 1 ? pointer_count() : 0))) * sizeof(float);
  }
  void place(void* memory) {
    pointers_ = static_cast<const float**>(memory);
    lines_ = reinterpret_cast<line*>(pointers_ + pointer_count());
    zeros_ = reinterpret_cast<float*>(lines_ + s_.y.taps);
    copies_ = zeros_ + length_;
    std::fill_n(zeros_, length_, 0.0F);
  }

  /// Selects the channels of one group.
  void aim(const view<const float>& x) {
    x_ = x;
    row_step_ = static_cast<long>(s_.y.spacing) * s_.in.width * x.pitch;
    tap_step_ = static_cast<long>(s_.x.spacing) * x.pitch;
    row_ = -1;
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
    if (across_ > 1) return point_at_taps(p, j);
    if (p.n * s_.y.outputs + p.y != row_) set_lines(p);
    const float** to = pointers_ + j;
    const int left = p.x * s_.x.stride + s_.x.offset;
    const bool crosses = left < 0 || left + reach_ > s_.in.width;
    for (const line *l = lines_, *last = l + s_.y.taps; l != last; ++l, to += most_rows)
      *to = !l->step  ? zeros_
            : crosses ? copy(l->offset + p.x * l->step, left, (to - pointers_) * length_, first, depth)
                      : x_.data + (l->offset + p.x * l->step);
  }

  /// Points row j at the window of row `other`.
  void repeat(int j, int other) {
    for (const float** to = pointers_; to != pointers_ + pointer_count(); to += most_rows) to[j] = to[other];
  }

 private:
  long pointer_count() const { return static_cast<long>(s_.y.taps) * across_ * most_rows; }

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

  /// A line of the windows along a row of positions: its offset in x at the first position, and the step to
  /// the next; 0 above and below the image.
  struct line {
    long offset, step;
  };

  /// Sets the lines of p's row. For each position on its own this took a fifth of the time of small images.
  void set_lines(const position& p) {
    row_ = p.n * s_.y.outputs + p.y;
    const corner at = corner_of({p.n, p.y, 0});
    for (int ty = 0; ty < s_.y.taps; ++ty) {
      const int y = at.y + ty * s_.y.spacing;
      lines_[ty] = {at.offset + ty * row_step_, y < 0 || y >= s_.in.height ? 0 : step()};
    }
  }

  /// Points row j at single taps.
  void point_at_taps(const position& p, int j) {
    const corner at = corner_of(p);
    const float** to = pointers_ + j;
    for (int ty = 0; ty < s_.y.taps; ++ty) {
      const int y = at.y + ty * s_.y.spacing;
      const bool above_or_below = y < 0 || y >= s_.in.height;
      for (int tx = 0; tx < across_; ++tx, to += most_rows) {
        const int x = at.x + tx * s_.x.spacing;
        *to = above_or_below || x < 0 || x >= s_.in.width
                  ? zeros_
                  : x_.data + (at.offset + ty * row_step_ + tx * tap_step_);
      }
    }
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
  long length_;  ///< of a line
  view<const float> x_{};
  long row_step_ = 0, tap_step_ = 0;  ///< from one line of a window to the next
  const float** pointers_ = nullptr;
  line* lines_ = nullptr;
  long row_ = -1;  ///< of a batch, whose lines they are
  float *zeros_ = nullptr, *copies_ = nullptr;
};

}  // namespace salient::kernel::direct
