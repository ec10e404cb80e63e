// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "salient/core/export.hpp"
#include "salient/core/shape.hpp"
#include "salient/core/view.hpp"
#include "salient/core/window.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

// Convolutions (cross-correlations, as in all deep-learning libraries) over NHWC data with weights O x KH x
// KW x I / groups, row-major.
//
// CPU kernels of our own read packed weights, except for dense layers and depthwise convolutions. Eigen's
// contraction, on every device, multiplies patches (im2col) of a few output rows at a time, gathered into
// `scratch`. Depthwise convolutions have kernels of their own without patches.

/// The parameters of a convolution, independent of batch and image size.
struct conv_problem {
  window w{};
  int channels = 1;  ///< I, of the input
  int filters = 1;   ///< O, channels of the output
  int groups = 1;    ///< divides both; filter o reads the input channels of group o / (O / groups) only

  /// Input channels that a filter reads.
  constexpr int depth() const { return channels / groups; }
  /// True if every input channel is a group of its own.
  constexpr bool depthwise() const { return groups > 1 && groups == channels; }
  constexpr long patch() const { return w.area() * depth(); }
  constexpr long weights() const { return filters * patch(); }
};

/// Whether implementation::fastest computes a convolution of this input, and its input gradient, by
/// Winograd's algorithm. The least sizes of maps and the least number of weights (of each place of the
/// window) follow from bench.kernels. Small maps need more weights, which leaves sums of products to small
/// classifiers, whose images have a uniform background: there equal windows have equal results, of which a
/// max-pool takes the first. By Winograd's algorithm they are equal only up to rounding.
constexpr bool suits_winograd(const conv_problem& p, shape in) {
  constexpr int least_size = 7, small = 32;
  const int least_weights = std::min(in.height, in.width) > small ? 1024 : 2048;
  const window& w = p.w;
  return w.height == 3 && w.width == 3 && w.stride_y == 1 && w.stride_x == 1 && w.dilation_y == 1 &&
         w.dilation_x == 1 && p.groups == 1 && p.channels % 16 == 0 && p.filters % 16 == 0 &&
         static_cast<long>(p.channels) * p.filters >= least_weights &&
         in.height + std::min(0, w.top + w.bottom - 2) >= least_size &&
         in.width + std::min(0, w.left + w.right - 2) >= least_size;
}

/// A convolution's parameters, in device memory.
template <class T>
struct conv_weights {
  const T* weight = nullptr;  ///< (O, KH, KW, I / groups); null where kernels read packed weights
  const T* packed = nullptr;  ///< result of `pack`, or null
  const T* bias = nullptr;    ///< (O) or null; only for the forward pass
  /// (O) or null; only for the input gradient: multiplies filter o by scale_o.
  const T* scale = nullptr;
};

/// Output rows of one group whose patches and results are in scratch at a time: at most 512 KiB of float32,
/// but at least one row.
constexpr long patch_rows(const conv_problem& p, shape out, long batch) {
  const long row = out.width * (p.patch() + p.filters / p.groups);
  return std::clamp(131'072L / std::max(row, 1L), 1L, std::max(batch * out.height, 1L));
}

/// Partial sums of an input gradient that the next rows of patches will complete: the inputs that windows of
/// the next row share with the previous ones.
constexpr long unfinished_elements(const conv_problem& p, shape out) {
  return (p.w.reach_y() - 1L) * (static_cast<long>(out.width) * p.w.stride_x + p.w.reach_x()) * p.depth();
}

/// Elements of scratch that `conv` and `conv_input_gradient` need. Direct kernels use none. Pointwise
/// windows of one group between contiguous views use none, unless an addend is the output itself or
/// filters are scaled.
constexpr long conv_scratch(const conv_problem& p, shape out, long batch) {
  if (p.depthwise()) return 0;
  return patch_rows(p, out, batch) * out.width * (p.patch() + p.filters / p.groups) +
         unfinished_elements(p, out);
}

/// The extent of the input that windows read, padding included.
constexpr shape padded(const window& w, shape in, shape out) {
  return {(out.height - 1) * w.stride_y + w.reach_y(), (out.width - 1) * w.stride_x + w.reach_x(),
          in.channels};
}

/// Elements of padded images, which the direct kernel of `conv_weight_gradient` reads instead of the images.
constexpr long padded_elements(const conv_problem& p, shape in, shape out, long batch) {
  constexpr long vector = 16;  // lanes of the widest registers
  return batch * padded(p.w, in, out).elements() + vector;
}

/// Elements of scratch that `conv_weight_gradient` needs: patches, transposed dy and a partial gradient; or
/// padded images.
constexpr long conv_gradient_scratch(const conv_problem& p, shape in, shape out, long batch) {
  return std::max(conv_scratch(p, out, batch) + p.filters / p.groups * p.patch(),
                  padded_elements(p, in, out, batch));
}

/// Elements of packed weights: each group's filters padded to whole vectors. 0 for a depthwise convolution.
constexpr long packed_elements(const conv_problem& p) {
  if (p.depthwise()) return 0;
  return p.groups * p.patch() * ((p.filters / p.groups + 15) / 16 * 16);
}

/// Whether this device has direct kernels, whose convolutions read packed weights.
template <class T, class D>
SALIENT_EXPORT bool reads_packed(const D&);

/// Packs the weights of filters [first, first + count) in the order in which this machine's direct kernels
/// read them. Called in increasing order of filters.
template <class D, class T>
SALIENT_EXPORT void pack(const D&, const conv_problem&, long first, long count,
                         const T* weight,  // (count, KH, KW, I / groups)
                         T* packed);       // packed_elements

/// The inverse of `pack`, for all filters.
template <class D, class T>
SALIENT_EXPORT void unpack(const D&, const conv_problem&,
                           const T* packed,  // packed_elements
                           T* weight);       // (O, KH, KW, I / groups)

/// y = epilogue(x * weight + bias). The epilogue's arrays have y's layout.
template <class D, class T>
SALIENT_EXPORT void conv(const D&, const conv_problem&, const view<const T>& x, const conv_weights<T>&,
                         const epilogue<T>&,
                         const view<T>& y,  // overwritten
                         T* scratch);

/// dx = epilogue(adjoint of the convolution applied to dy)
template <class D, class T>
SALIENT_EXPORT void conv_input_gradient(const D&, const conv_problem&, const view<const T>& dy,
                                        const conv_weights<T>&, const epilogue<T>&, const view<T>& dx,
                                        T* scratch);

/// The gradients of a convolution's parameters, overwritten; dbias may be null.
template <class T>
struct conv_gradients {
  T* dweight;  // (O, KH, KW, I / groups)
  T* dbias;    // (O)
};

/// Computes both gradients, summed over the batch.
template <class D, class T>
SALIENT_EXPORT void conv_weight_gradient(const D&, const conv_problem&, const view<const T>& x,
                                         const view<const T>& dy, const conv_gradients<T>&, T* scratch);

}  // namespace salient::kernel
