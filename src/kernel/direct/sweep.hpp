// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "salient/core/shape.hpp"
#include "salient/core/window.hpp"

namespace salient::kernel::direct {

/// How windows slide along one axis: output i stands at `first + i step` and reads the inputs
/// `i stride + offset` to `... + taps - 1`, tap t by the kernel's entry `entry + t entry_step`.
struct axis {
  int outputs, first, step;
  int stride, offset, taps;
  int entry, entry_step;
};

/// A convolution's.
constexpr axis forward_axis(int outputs, int kernel, int stride, int padding) {
  return {outputs, 0, 1, stride, -padding, kernel, 0, 1};
}

/// A convolution's adjoint, which reads the convolution's outputs and writes those of its inputs whose
/// position plus padding leaves `residue` when divided by the stride.
constexpr axis adjoint_axis(int inputs, int kernel, int stride, int padding, int residue) {
  const int first = ((residue - padding) % stride + stride) % stride;
  const int outputs = first < inputs ? (inputs - first + stride - 1) / stride : 0;
  const int taps = residue < kernel ? (kernel - residue + stride - 1) / stride : 0;
  const int last = residue + (taps - 1) * stride;  // the kernel's last entry that meets such an input
  // The division has no remainder; it would round towards zero if it had.
  return {outputs, first, stride, 1, taps > 0 ? (first + padding - last) / stride : 0, taps, last, -stride};
}

/// A convolution of packed weights, or a part of one's adjoint.
struct sweep {
  long batch;
  shape in, out;  ///< whole extents of what is read and written
  axis y, x;
  window kernel;
  bool adjoint;

  long positions() const { return batch * y.outputs * x.outputs; }
};

inline sweep forward_sweep(long batch, const window& w, shape in, shape out) {
  return {batch,
          in,
          out,
          forward_axis(out.height, w.height, w.stride_y, w.top),
          forward_axis(out.width, w.width, w.stride_x, w.left),
          w,
          false};
}

/// The adjoint of the convolution of `in` to `out`, for one residue of each stride.
inline sweep adjoint_sweep(long batch, const window& w, shape in, shape out, int residue_y, int residue_x) {
  return {batch,
          out,
          in,
          adjoint_axis(in.height, w.height, w.stride_y, w.top, residue_y),
          adjoint_axis(in.width, w.width, w.stride_x, w.left, residue_x),
          w,
          true};
}

}  // namespace salient::kernel::direct
