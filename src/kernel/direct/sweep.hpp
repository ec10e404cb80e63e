// SPDX-License-Identifier: MIT
#pragma once

#include <numeric>

#include "salient/core/shape.hpp"
#include "salient/core/window.hpp"
#include "salient/kernel/conv.hpp"

namespace salient::kernel::direct {

/// How windows slide along one axis. Output i lies at `first + i step` and reads the inputs `i stride +
/// offset + t spacing` for taps t. Tap t uses the kernel's entry `entry + t entry_step`.
struct axis {
  int outputs, first, step;
  int stride, offset, spacing, taps;
  int entry, entry_step;

  /// The half-open range of taps that read inputs in [0, size) for output i.
  struct range {
    int first, last;
  };
  constexpr range inside(int i, int size) const {
    const int start = i * stride + offset;
    const int from = start >= 0 ? 0 : (-start + spacing - 1) / spacing;
    const int to = start >= size ? 0 : (size - 1 - start) / spacing + 1;
    return {from < taps ? from : taps, to < taps ? to : taps};
  }
};

/// The length of a kernel along one axis and how it slides.
struct axis_kernel {
  int length, stride, padding, dilation;
};

/// The axis of a forward convolution.
constexpr axis forward_axis(int outputs, const axis_kernel& k) {
  return {outputs, 0, 1, k.stride, -k.padding, k.dilation, k.length, 0, 1};
}

/// The axis of a convolution's adjoint (input gradient). It reads the outputs, and writes the inputs whose
/// position plus padding is congruent to `residue` modulo the stride.
constexpr axis adjoint_axis(int inputs, const axis_kernel& k, int residue) {
  const int first = ((residue - k.padding) % k.stride + k.stride) % k.stride;
  const int outputs = first < inputs ? (inputs - first + k.stride - 1) / k.stride : 0;
  // Entries e that reach such an input: e dilation has the same residue. They are every `period`-th from the
  // first, if any.
  const int period = k.stride / std::gcd(k.stride, k.dilation);
  int entry = 0;
  while (entry < period && entry * k.dilation % k.stride != residue) ++entry;
  const int taps = entry < period && entry < k.length ? (k.length - entry + period - 1) / period : 0;
  const int last = entry + (taps - 1) * period;
  // Both divisions are exact.
  return {outputs,
          first,
          k.stride,
          1,
          taps > 0 ? (first + k.padding - last * k.dilation) / k.stride : 0,
          k.dilation * period / k.stride,
          taps,
          last,
          -period};
}

/// A convolution of one group of channels, or one part of its adjoint.
struct sweep {
  long batch;
  shape in, out;  ///< extents and group channels of what is read and written
  axis y, x;
  window kernel;
  bool adjoint;

  long positions() const { return batch * y.outputs * x.outputs; }

  /// Flat index of output (row, column) of image n in what is written.
  long place(long n, int row, int column) const {
    return (n * out.height + y.first + static_cast<long>(row) * y.step) * out.width + x.first +
           static_cast<long>(column) * x.step;
  }
};

inline axis_kernel along_y(const window& w) { return {w.height, w.stride_y, w.top, w.dilation_y}; }
inline axis_kernel along_x(const window& w) { return {w.width, w.stride_x, w.left, w.dilation_x}; }

/// A forward convolution from extent `in` to `out`; their channels are ignored.
inline sweep forward_sweep(long batch, const conv_problem& p, shape in, shape out) {
  return {batch,
          {in.height, in.width, p.depth()},
          {out.height, out.width, p.filters / p.groups},
          forward_axis(out.height, along_y(p.w)),
          forward_axis(out.width, along_x(p.w)),
          p.w,
          false};
}

/// The part of that convolution's adjoint for one residue of each stride.
inline sweep adjoint_sweep(long batch, const conv_problem& p, shape in, shape out, int residue_y,
                           int residue_x) {
  return {batch,
          {out.height, out.width, p.filters / p.groups},
          {in.height, in.width, p.depth()},
          adjoint_axis(in.height, along_y(p.w), residue_y),
          adjoint_axis(in.width, along_x(p.w), residue_x),
          p.w,
          true};
}

/// Calls body(sweep) for all parts of the adjoint.
template <class F>
void for_each_adjoint_sweep(long batch, const conv_problem& p, shape in, shape out, const F& body) {
  for (int y = 0; y < p.w.stride_y; ++y)
    for (int x = 0; x < p.w.stride_x; ++x) body(adjoint_sweep(batch, p, in, out, y, x));
}

}  // namespace salient::kernel::direct
