// SPDX-License-Identifier: MIT
#pragma once

// Direct float32 CPU kernels. They are compiled for several instruction sets; the best one is chosen at run
// time. Each kernel is a struct of its operands whose call operator does one share of the work, so any number
// of threads can run it together. Results are bit-for-bit the same for any number of threads.

#include <cstdint>

#include "kernel/direct/sweep.hpp"
#include "kernel/share.hpp"
#include "kernel/sliding.hpp"
#include "salient/core/view.hpp"
#include "salient/kernel/conv.hpp"
#include "salient/kernel/epilogue.hpp"
#include "salient/kernel/pool.hpp"

namespace salient::kernel::direct {

/// As in kernel/conv.hpp: packs the weights of filters [first, first + count) in the order in which a forward
/// sweep reads them. The last filter of a group is followed by the zeros that fill its vector.
void pack(const conv_problem&, long first, long count,
          const float* weight,  // (count, KH, KW, depth)
          float* packed);
void unpack(const conv_problem&, const float* packed, float* weight);

/// y = epilogue(sweep over x), for every group of channels.
struct convolution {
  sweep s;
  int groups;
  view<const float> x;
  const float* packed;
  const float* bias;   ///< (y's channels) or null
  const float* scale;  ///< (x's channels) or null: multiplies an adjoint's filters
  const epilogue<float>& after;
  view<float> y;

  void operator()(share) const;
};

/// The same by Winograd's algorithm F(4x4, 3x3), which needs a quarter of the multiplications. For 3x3
/// windows of one group whose stride and dilation are 1; both numbers of channels are multiples of 16.
struct winograd {
  convolution c;

  void operator()(share) const;
};

/// y = epilogue(x weight^T + bias), for all positions.
struct dense {
  view<const float> x;
  const float* weight;  ///< (y's channels, x's channels)
  const float* bias;    ///< (y's channels) or null
  const epilogue<float>& after;
  view<float> y;

  void operator()(share) const;
};

/// dx = epilogue(dy weight)
struct dense_input_gradient {
  view<const float> dy;
  const float* weight;  ///< (dy's channels, dx's channels)
  const float* scale;   ///< (dy's channels) or null: multiplies the filters
  const epilogue<float>& after;
  view<float> dx;

  void operator()(share) const;
};

/// Images as a weight gradient reads them: padded with zeros, with room for a vector at the end; or the
/// images themselves. Each group of channels is a separate batch, unless every channel is a group.
struct padded_images {
  const float* values;
  long pixel, line, image, group;  ///< distance from one to the next
};

/// Writes padded_elements (kernel/conv.hpp) values to `padded`, unless the images can be read in place.
padded_images pad(share, const conv_problem&, const view<const float>& x, shape out, float* padded);

/// dweight summed over the batch
struct weight_gradient {
  const conv_problem& p;
  padded_images x;
  view<const float> dy;
  float* to;  ///< (O, KH, KW, depth)

  void operator()(share) const;
};

/// dbias summed over the batch
struct bias_gradient {
  view<const float> dy;
  float* to;  ///< (O)

  void operator()(share) const;
};

/// y = epilogue(depthwise sweep over x). The channels of the sweep are ignored.
struct depthwise {
  sweep s;
  int multiplier;  ///< filters of each input channel
  view<const float> x;
  const float* weight;  ///< (O, KH, KW)
  const float* bias;    ///< (y's channels) or null
  const float* scale;   ///< (x's channels) or null: multiplies an adjoint's filters
  const epilogue<float>& after;
  view<float> y;

  void operator()(share) const;
};

/// dweight of a depthwise convolution, summed over the batch
struct depthwise_weight_gradient {
  const conv_problem& p;
  padded_images x;
  view<const float> dy;
  float* to;  ///< (O, KH, KW)

  void operator()(share) const;
};

// As in kernel/pool.hpp; switches may be null.
struct max_pool {
  window w;
  view<const float> x;
  const epilogue<float>& after;
  view<float> y;
  std::uint16_t* switches;

  void operator()(share) const;
};
struct max_pool_gradient {
  window w;
  view<const float> dy;
  const std::uint16_t* switches;
  const epilogue<float>& after;
  view<float> dx;

  void operator()(share) const;
};

/// Means of sliding windows, or of windows that divide the image (adaptive pooling).
struct avg_pool {
  mean_windows w;
  view<const float> x;
  const epilogue<float>& after;
  view<float> y;

  void operator()(share) const;
};
struct avg_pool_gradient {
  mean_windows w;
  view<const float> dy;
  const epilogue<float>& after;
  view<float> dx;

  void operator()(share) const;
};

// As in kernel/elementwise.hpp.
struct apply {
  view<const float> x;
  const epilogue<float>& after;
  view<float> y;

  void operator()(share) const;
};
struct multiply {
  view<const float> x, s;
  const epilogue<float>& after;
  view<float> y;

  void operator()(share) const;
};
struct multiply_gradient {
  view<const float> dy, x;
  const epilogue<float>& after;
  view<float> ds;

  void operator()(share) const;
};

/// Runs the epilogue on one position's results, which are in `row`.
struct finish_row {
  const float* row;
  const epilogue<float>& after;
  const view<float>& y;
  long position;

  void operator()() const;
};

// As in kernel/map.hpp.
struct line {
  long count, size;
  const float *from, *to, *positions;
  float* out;

  void operator()(share) const;
};
struct accumulate {
  long count, size;
  const float *x, *weights;
  double* sum;

  void operator()(share) const;
};

}  // namespace salient::kernel::direct
