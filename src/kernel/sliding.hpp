// SPDX-License-Identifier: MIT
#pragma once

// Index arithmetic of windows that slide over NHWC data.

#include "kernel/portable.hpp"
#include "salient/core/shape.hpp"
#include "salient/core/window.hpp"

namespace salient::kernel {

/// An element of a batch, found from its flat index: ((n H + y) W + x) C + c.
struct place {
  long n;
  int y, x, c;

  SALIENT_HD place(long image, int row, int column, int channel) : n(image), y(row), x(column), c(channel) {}
  SALIENT_HD place(long flat, shape s) {
    c = static_cast<int>(flat % s.channels);
    flat /= s.channels;
    x = static_cast<int>(flat % s.width);
    flat /= s.width;
    y = static_cast<int>(flat % s.height);
    n = flat / s.height;
  }
};

SALIENT_HD inline long index(place p, shape s) {
  return ((p.n * s.height + p.y) * s.width + p.x) * s.channels + p.c;
}

struct range {
  int first, last;
};

/// Input positions, inside [0, size), that the window of output position `at` covers.
SALIENT_HD inline range covered(int at, int stride, int padding, int length, int size) {
  const int start = at * stride - padding;
  return {start > 0 ? start : 0, start + length < size ? start + length : size};
}

/// Output positions, inside [0, size), whose windows cover input position `at`.
SALIENT_HD inline range covering(int at, int stride, int padding, int length, int size) {
  const int reach = at + padding;  // output o covers it when o stride <= reach < o stride + length
  const int first = reach >= length ? (reach - length) / stride + 1 : 0;
  const int last = reach / stride + 1;
  return {first, last < size ? last : size};
}

}  // namespace salient::kernel
