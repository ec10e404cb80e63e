// SPDX-License-Identifier: MIT
#pragma once

// Index arithmetic of windows that slide over NHWC data.

#include "kernel/portable.hpp"
#include "salient/core/shape.hpp"
#include "salient/core/window.hpp"
#include "salient/kernel/pool.hpp"

namespace salient::kernel {

/// A position of a batch from its flat index, (n H + y) W + x.
struct place {
  long n;
  int y, x;

  SALIENT_HD place(long image, int row, int column) : n(image), y(row), x(column) {}
  SALIENT_HD place(long position, shape s) {
    x = static_cast<int>(position % s.width);
    position /= s.width;
    y = static_cast<int>(position % s.height);
    n = position / s.height;
  }

  /// Moves to the position behind this one, without a division.
  SALIENT_HD void advance(shape s) {
    if (++x < s.width) return;
    x = 0;
    if (++y < s.height) return;
    y = 0;
    ++n;
  }
};

/// The places of many positions of one shape.
class places {
 public:
  explicit places(shape s) : width_(s.width), height_(s.height) {}

  SALIENT_HD place operator()(long position) const {
    const long line = width_(position), n = height_(line);
    return {n, static_cast<int>(line - n * height_.by()), static_cast<int>(position - line * width_.by())};
  }

 private:
  divider width_, height_;
};

/// The half-open range [first, last).
struct range {
  int first, last;
};

/// How a window slides along one axis of an image.
struct sliding_axis {
  int length, stride, before, after, dilation;
  int size;  ///< of the input image

  /// Input coordinate of the first tap of output `at`.
  SALIENT_HD int start(int at) const { return at * stride - before; }

  /// The taps of output `at` that lie in [from, to) in input coordinates.
  SALIENT_HD range taps(int at, int from, int to) const {
    const int first = start(at) >= from ? 0 : quotient(from - start(at) + dilation - 1, dilation);
    const int last = start(at) >= to ? 0 : quotient(to - 1 - start(at), dilation) + 1;
    return {first < length ? first : length, last < length ? last : length};
  }
  SALIENT_HD range inside(int at) const { return taps(at, 0, size); }

  /// n / by for n >= 0. Divisions take longer than all else that a small pool does.
  SALIENT_HD static int quotient(int n, int by) { return by == 1 ? n : by == 2 ? n >> 1 : n / by; }

  /// A range of outputs, of `count`, that includes all that read input `at`.
  SALIENT_HD range outputs(int at, int count) const {
    const int reach = (length - 1) * dilation + 1, from = at + before;
    const int first = from >= reach ? quotient(from - reach, stride) + 1 : 0;
    const int last = quotient(from, stride) + 1;
    return {first, last < count ? last : count};
  }
  /// The tap of `output` that reads input `at`, or -1.
  SALIENT_HD int tap(int output, int at) const {
    const int offset = at - start(output);
    if (dilation == 1) return offset;
    return offset % dilation == 0 ? offset / dilation : -1;
  }
};

SALIENT_HD inline sliding_axis sliding_rows(const window& w, shape in) {
  return {w.height, w.stride_y, w.top, w.bottom, w.dilation_y, in.height};
}
SALIENT_HD inline sliding_axis sliding_columns(const window& w, shape in) {
  return {w.width, w.stride_x, w.left, w.right, w.dilation_x, in.width};
}

/// How averaged windows lie along one axis: they slide, or divide the image as evenly as possible (adaptive).
struct mean_axis {
  sliding_axis sliding;  ///< only its size is used if windows divide the image
  bool divides = false;
  bool padding_counts = false;
  int outputs = 0;

  SALIENT_HD range inside(int at) const {
    if (!divides) return sliding.inside(at);
    const long size = sliding.size;
    return {static_cast<int>(at * size / outputs),
            static_cast<int>(((at + 1) * size + outputs - 1) / outputs)};
  }
  /// Input coordinate of a tap of output `at`.
  SALIENT_HD int input(int at, int tap) const {
    return divides ? tap : sliding.start(at) + tap * sliding.dilation;
  }
  /// This axis's factor of the divisor of an output's sum.
  SALIENT_HD int divisor(int at) const {
    const range r =
        padding_counts ? sliding.taps(at, -sliding.before, sliding.size + sliding.after) : inside(at);
    return r.last - r.first;
  }
  SALIENT_HD range reading(int at) const {
    if (!divides) return sliding.outputs(at, outputs);
    const long size = sliding.size, count = outputs;
    return {static_cast<int>(at * count / size), static_cast<int>(((at + 1) * count - 1) / size + 1)};
  }
  SALIENT_HD bool reads(int output, int at) const { return divides || sliding.tap(output, at) >= 0; }
};

struct mean_windows {
  mean_axis y, x;

  SALIENT_HD float divisor(int row, int column) const {
    return static_cast<float>(static_cast<long>(y.divisor(row)) * x.divisor(column));
  }
};

inline mean_windows sliding_means(const window& w, divisor d, shape in, shape out) {
  const bool all = d == divisor::window;
  return {{sliding_rows(w, in), false, all, out.height}, {sliding_columns(w, in), false, all, out.width}};
}
inline mean_windows dividing_means(shape in, shape out) {
  return {{sliding_rows({}, in), true, false, out.height}, {sliding_columns({}, in), true, false, out.width}};
}

}  // namespace salient::kernel
