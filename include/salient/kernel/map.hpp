// SPDX-License-Identifier: MIT
#pragma once

namespace salient::kernel {

// What saliency methods compute besides passes.

/// out = x, element by element
template <class D, class T>
void copy(const D&, long size, const T* x, T* out);

/// out = a b, element by element
template <class D, class T>
void multiply_elements(const D&, long size, const T* a, const T* b, T* out);

/// out_i = from + position_i (to - from) for each of `count` points on the line; exactly `to` at position 1
template <class D, class T>
void line(const D&, long count, long size,
          const T* from,       // (size)
          const T* to,         // (size)
          const T* positions,  // (count)
          T* out);             // (count, size)

/// sum += weights_i x_i, row after row; in double, for thousands of rows may follow each other
template <class D, class T>
void accumulate(const D&, long count, long size,
                const T* x,        // (count, size)
                const T* weights,  // (count)
                double* sum);      // (size)

/// out = sum over channels of weight * x
template <class D, class T>
void weighted_channels(const D&, long batch, long positions, long channels,
                       const T* x,       // (N, positions, C)
                       const T* weight,  // (N, C)
                       T* out);          // (N, positions)

/// mean = the mean over positions of x
template <class D, class T>
void channel_mean(const D&, long batch, long positions, long channels,
                  const T* x,  // (N, positions, C)
                  T* mean);    // (N, C)

}  // namespace salient::kernel
