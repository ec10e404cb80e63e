// SPDX-License-Identifier: MIT
#pragma once

// Convolutions and dense layers on a GPU, forward and backward, as matrix products that read patches of the
// image in place: row m of the left matrix is the patch of one result position, of which no copy is made
// (implicit GEMM; Chetlur et al. 2014, arXiv:1410.0759).

#include "kernel/cuda/tiling.hpp"
#include "kernel/epilogue.hpp"
#include "salient/core/view.hpp"
#include "salient/kernel/conv.hpp"

namespace salient::kernel::cuda {

/// The results of one phase along one axis of an image: results first, first + phases, ... read source
/// result * step + origin + tap * move at each of their taps.
struct axis_phase {
  int first, count;
  int taps, first_tap, tap_step;  ///< tap t is the window's tap first_tap + t tap_step
  int origin, move;
};

/// How results and sources of a product correspond along one axis. Backward, results that differ by less than
/// the stride are read by different taps of the window; those that are read by the same form a phase.
struct product_axis {
  int results, sources;
  int taps, stride, before, dilation;  ///< of the window
  bool adjoint;

  SALIENT_HD int phases() const { return adjoint ? stride : 1; }
  SALIENT_HD int step() const { return adjoint ? 1 : stride; }

  SALIENT_HD axis_phase phase(int p) const {
    if (!adjoint) return {0, results, taps, 0, 1, -before, dilation};
    axis_phase own{p, results > p ? (results - p + stride - 1) / stride : 0, 0, 0, 1, 0, 0};
    int period = 1;  // in taps, until the same phase is read again
    while (period * dilation % stride != 0) ++period;
    own.tap_step = period;
    own.move = -(period * dilation / stride);
    while (own.first_tap < period && (p + before - own.first_tap * dilation) % stride != 0) ++own.first_tap;
    if (own.first_tap >= period || own.first_tap >= taps) return own;
    own.taps = (taps - 1 - own.first_tap) / period + 1;
    own.origin = (p + before - own.first_tap * dilation) / stride;
    return own;
  }
};

/// y = epilogue(sum over taps and source channels of source * weight + bias).
struct product_problem {
  product_axis y_axis, x_axis;
  int first_image, batch;
  int groups, depth, filters;  ///< channels of a group: of the source, and of the result
  bool adjoint;                ///< whether weights are (depth, taps, filters), and not (filters, taps, depth)
  const float* source;
  int pitch;  ///< of the source
  const float* weight;
  const float* bias;   ///< (groups filters) or null
  const float* scale;  ///< (groups depth) or null: multiplies the source; only if adjoint
  epilogue<float> after;
  view<float> y;
  bool in_fours = false;  ///< whether four channels can be written at once

  int steps = 0;              ///< of each part of the sum; different blocks compute the parts
  float* partials = nullptr;  ///< (parts, batch, positions of y, channels of y), or null if there is one part

  SALIENT_HD int phases() const { return y_axis.phases() * x_axis.phases(); }
  SALIENT_HD result_writer<float> writer() const { return {after, y, {0, y.extent.channels}}; }
};

/// The product that a convolution is, or its input gradient.
product_problem forward_product(const conv_problem&, const view<const float>& x, const conv_weights<float>&,
                                const epilogue<float>&, const view<float>& y);
product_problem adjoint_product(const conv_problem&, const view<const float>& dy, const conv_weights<float>&,
                                const epilogue<float>&, const view<float>& dx);

/// Some of a product's groups.
struct group_range {
  int first, count;
};

/// What the choice of tiles depends on.
multiprocessors multiprocessors_of(const gpu&);
product_extent extent_of(const gpu&, const product_problem&, const group_range&);

/// Enqueues the product with these tiles, for some images of the batch and some groups.
void enqueue_tiles(const gpu&, product_problem, const group_range&, const tiling_choice&);

/// Enqueues the product, which is a 3x3 convolution at stride 1 of one group, or its input gradient, by
/// Winograd's algorithm F(4x4, 3x3): inputs and weights are transformed to 36 points, multiplied there by a
/// product of 36 groups, and the sums are transformed back. In float32. The product must fit: channels are
/// multiples of 16, operands and the epilogue's arrays lie in whole fours. Transformed tiles take at most
/// `floats_of_tiles` at a time, or all that there is memory for.
void enqueue_winograd(const gpu&, const product_problem&, long floats_of_tiles);
void enqueue_winograd(const gpu&, const product_problem&);
bool fits_winograd(const product_problem&);
/// Whether it fits, and should take less time so than as it is.
bool gains_by_winograd(const gpu&, const product_problem&);

/// Enqueues the product. Its sums are added in an order that depends on the sizes and the kind of GPU alone.
void enqueue_product(const gpu&, product_problem);

}  // namespace salient::kernel::cuda
