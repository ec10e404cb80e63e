// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "salient/core/shape.hpp"
#include "salient/core/window.hpp"

namespace salient::kernel {

// Convolutions (cross-correlations, as in every deep-learning library) over NHWC data. Patches of a few
// output rows at a time are gathered into `scratch` and multiplied with the weights: O x KH x KW x I,
// row-major.

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

/// Elements of scratch that `conv_weight_gradient` needs: the patches, dy transposed, one partial gradient.
constexpr long conv_gradient_scratch(const window& w, shape in, shape out, long batch) {
  return conv_scratch(w, in, out, batch) +
         (patch_rows(w, in, out, batch) * out.width + w.area() * in.channels) * out.channels;
}

/// y = x * weight + bias
template <class D, class T>
void conv(const D&, long batch, const window&, shape in, shape out,
          const T* x,       // (N, H, W, I)
          const T* weight,  // (O, KH, KW, I)
          const T* bias,    // (O) or null
          T* y,             // (N, H', W', O)
          T* scratch);

/// dx = the convolution's exact adjoint applied to dy
template <class D, class T>
void conv_input_gradient(const D&, long batch, const window&, shape in, shape out,
                         const T* dy,      // (N, H', W', O)
                         const T* weight,  // (O, KH, KW, I)
                         T* dx,            // (N, H, W, I), overwritten
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
