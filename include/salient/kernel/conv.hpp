// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "salient/core/shape.hpp"
#include "salient/core/window.hpp"
#include "salient/kernel/finish.hpp"

namespace salient::kernel {

// Convolutions (cross-correlations, as in every deep-learning library) over NHWC data, by weights of
// O x KH x KW x I, row-major.
//
// Two implementations stand behind each: the processor's own direct kernels, which read packed weights but
// for dense layers, and Eigen's contraction, for every device, which multiplies patches of a few output rows
// at a time, gathered into `scratch`.

/// Output rows whose patches are in scratch at once: about a megabyte of float32, which stays in a core's L2
/// cache.
constexpr long patch_rows(const window& w, shape in, shape out, long batch) {
  const long row = out.width * w.area() * in.channels;
  return std::clamp(262'144L / std::max(row, 1L), 1L, std::max(batch * out.height, 1L));
}

/// Elements of scratch that `conv` and `conv_input_gradient` need.
constexpr long conv_scratch(const window& w, shape in, shape out, long batch) {
  return patch_rows(w, in, out, batch) * out.width * w.area() * in.channels;
}

/// The rows and columns that a window reads, padding included.
constexpr shape padded(const window& w, shape in, shape out) {
  return {(out.height - 1) * w.stride_y + w.height, (out.width - 1) * w.stride_x + w.width, in.channels};
}

/// Elements of padded images that `conv_weight_gradient` reads instead of the images: none if it may read
/// those, whose lines are then whole vectors.
constexpr long padded_elements(const window& w, shape in, shape out, long batch) {
  constexpr long vector = 16;  // of the widest registers
  const shape all = padded(w, in, out);
  const bool as_they_are = w.top == 0 && w.left == 0 && all.height <= in.height && all.width <= in.width &&
                           static_cast<long>(w.width) * in.channels % vector == 0;
  return as_they_are ? 0 : batch * all.elements() + vector;
}

/// Elements of scratch that `conv_weight_gradient` needs: the patches, dy transposed, one partial gradient;
/// or padded images.
constexpr long conv_gradient_scratch(const window& w, shape in, shape out, long batch) {
  return std::max(conv_scratch(w, in, out, batch) +
                      (patch_rows(w, in, out, batch) * out.width + w.area() * in.channels) * out.channels,
                  padded_elements(w, in, out, batch));
}

/// Elements of packed weights: filters in whole vectors.
constexpr long packed_elements(const window& w, long channels, long filters) {
  return w.area() * channels * ((filters + 15) / 16 * 16);
}

/// Whether the direct kernels run on this device, whose convolutions read packed weights.
template <class T, class D>
bool reads_packed(const D&);

/// Weights in the order in which this machine's direct kernels read them, a few filters at a time: `count`
/// from filter `first` on.
template <class D, class T>
void pack(const D&, const window&, int channels, int filters, long first, long count,
          const T* weight,  // (count, KH, KW, I)
          T* packed);       // packed_elements

/// The inverse, of all filters.
template <class D, class T>
void unpack(const D&, const window&, int channels, int filters,
            const T* packed,  // packed_elements
            T* weight);       // (O, KH, KW, I)

/// y = x * weight + bias, finished
template <class D, class T>
void conv(const D&, long batch, const window&, shape in, shape out,
          const T* x,       // (N, H, W, I)
          const T* weight,  // (O, KH, KW, I), or null:
          const T* packed,  // the same packed, or null, where direct kernels take pointwise windows alone
          const T* bias,    // (O) or null
          const finish&,
          T* y,  // (N, H', W', O)
          T* scratch);

/// dx = the convolution's exact adjoint applied to dy, finished
template <class D, class T>
void conv_input_gradient(const D&, long batch, const window&, shape in, shape out,
                         const T* dy,      // (N, H', W', O)
                         const T* weight,  // as in conv
                         const T* packed, const finish&,
                         T* dx,  // (N, H, W, I), overwritten
                         T* scratch);

/// dweight and dbias summed over the batch
template <class D, class T>
void conv_weight_gradient(const D&, long batch, const window&, shape in, shape out,
                          const T* x,   // (N, H, W, I)
                          const T* dy,  // (N, H', W', O)
                          T* dweight,   // (O, KH, KW, I), overwritten
                          T* dbias,     // (O) or null, overwritten
                          T* scratch);

}  // namespace salient::kernel
