// SPDX-License-Identifier: MIT
#pragma once

// The processor's own kernels, float32: compiled for several instruction sets, the best of which is chosen as
// the program starts. Each does one share of its work, so that any number of threads may do it together;
// results do not depend on their number, bit for bit.

#include "kernel/direct/sweep.hpp"
#include "kernel/share.hpp"
#include "salient/kernel/finish.hpp"

namespace salient::kernel::direct {

/// As in kernel/conv.hpp: weights in the order in which a forward sweep reads them, those of `count` filters
/// from `first` on. With the last filter come the zeros that fill up its vector.
void pack(const window&, int filters, int channels, long first, long count,
          const float* weight,  // (count, KH, KW, channels)
          float* packed);
void unpack(const window&, int filters, int channels, const float* packed, float* weight);

void convolve(const sweep&, share,
              const float* x,       // (N, in)
              const float* packed,  // weights
              const float* bias,    // (out.channels) or null
              const finish&,
              float* y);  // (N, out)

/// y = x weight^T + bias
void dense(share, long batch, long in, long out,
           const float* x,       // (N, in)
           const float* weight,  // (out, in)
           const float* bias,    // (out) or null
           const finish&,
           float* y);  // (N, out)

/// dx = dy weight
void dense_input_gradient(share, long batch, long in, long out,
                          const float* dy,      // (N, out)
                          const float* weight,  // (out, in)
                          const finish&,
                          float* dx);  // (N, in)

// As in kernel/pool.hpp; switches may be null.
void max_pool(share, long batch, const window&, shape in, shape out, const float* x, const finish&, float* y,
              int* switches);
void max_pool_gradient(share, long batch, const window&, shape in, shape out, const float* dy,
                       const int* switches, const finish&, float* dx);
void avg_pool(share, long batch, const window&, shape in, shape out, const float* x, const finish&, float* y);
void avg_pool_gradient(share, long batch, const window&, shape in, shape out, const float* dy, const finish&,
                       float* dx);

// As in kernel/activation.hpp and kernel/map.hpp.
void apply(share, const finish&, long size, const float* x, float* y);
void line(share, long count, long size, const float* from, const float* to, const float* positions,
          float* out);
void accumulate(share, long count, long size, const float* x, const float* weights, double* sum);

/// Images as a weight gradient reads them: with zeros beside them, and room for a vector behind.
struct padded_images {
  const float* values;
  long line, image;  ///< from row to row and from image to image
};

/// Writes padded_elements (kernel/conv.hpp) to `padded`, unless the images will do as they are.
padded_images pad(share, long batch, const window&, shape in, shape out, const float* x, float* padded);

/// dweight and dbias summed over the batch
void weight_gradient(share, long batch, const window&, shape in, shape out, const padded_images& x,
                     const float* dy,  // (N, out)
                     float* dweight,   // (out.channels, KH, KW, in.channels)
                     float* dbias);    // (out.channels) or null

}  // namespace salient::kernel::direct
