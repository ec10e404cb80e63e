// SPDX-License-Identifier: MIT
#pragma once

#include <numeric>

#include "salient/core/shape.hpp"
#include "salient/core/window.hpp"
#include "salient/kernel/conv.hpp"

namespace salient::kernel::direct {

/// How windows slide along one axis: output i stands at `first + i step` and reads the inputs
/// `i stride + offset + t spacing` for the taps t, tap t by the kernel's entry `entry + t entry_step`.
struct axis {
  int outputs, first, step;
  int stride, offset, spacing, taps;
  int entry, entry_step;

  /// The first and the last of the taps that read inputs in [0, size) for output i, as a half-open range.
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

/// A kernel of some length and how it slides.
struct axis_kernel {
  int length, stride, padding, dilation;
};

/// A convolution's.
constexpr axis forward_axis(int outputs, const axis_kernel& k) {
  return {outputs, 0, 1, k.stride, -k.padding, k.dilation, k.length, 0, 1};
}

/// A convolution's adjoint, which reads the convolution's outputs and writes those of its inputs whose
/// position plus padding leaves `residue` when divided by the stride.
constexpr axis adjoint_axis(int inputs, const axis_kernel& k, int residue) {
  const int first = ((residue - k.padding) % k.stride + k.stride) % k.stride;
  const int outputs = first < inputs ? (inputs - first + k.stride - 1) / k.stride : 0;
  // Entries e that meet such an input, for which e dilation leaves the same residue: each `period`-th from
  // the first on, if there is one.
  const int period = k.stride / std::gcd(k.stride, k.dilation);
  int entry = 0;
  while (entry < period && entry * k.dilation % k.stride != residue) ++entry;
  const int taps = entry < period && entry < k.length ? (k.length - entry + period - 1) / period : 0;
  const int last = entry + (taps - 1) * period;
  // Neither division has a remainder.
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

/// A convolution of one group of channels, or a part of one's adjoint.
struct sweep {
  long batch;
  shape in, out;  ///< what is read and written: its extents, and the group's channels
  axis y, x;
  window kernel;
  bool adjoint;

  long positions() const { return batch * y.outputs * x.outputs; }

  /// Where output (row, column) of image n stands among all positions of what is written.
  long place(long n, int row, int column) const {
    return (n * out.height + y.first + static_cast<long>(row) * y.step) * out.width + x.first +
           static_cast<long>(column) * x.step;
  }
};

inline axis_kernel along_y(const window& w) { return {w.height, w.stride_y, w.top, w.dilation_y}; }
inline axis_kernel along_x(const window& w) { return {w.width, w.stride_x, w.left, w.dilation_x}; }

/// Of a convolution from the extent `in` to `out`, whatever their channels.
inline sweep forward_sweep(long batch, const conv_problem& p, shape in, shape out) {
  return {batch,
          {in.height, in.width, p.depth()},
          {out.height, out.width, p.filters / p.groups},
          forward_axis(out.height, along_y(p.w)),
          forward_axis(out.width, along_x(p.w)),
          p.w,
          false};
}

/// The adjoint of that convolution, for one residue of each stride.
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
