// SPDX-License-Identifier: MIT
#pragma once

// The processor's own kernels, float32: compiled for several instruction sets, the best of which is chosen as
// the program starts. Each is a struct of its operands, which does one share of its work when called, so that
// any number of threads may do it together; results do not depend on their number, bit for bit.

#include <cstdint>

#include "kernel/direct/sweep.hpp"
#include "kernel/share.hpp"
#include "kernel/sliding.hpp"
#include "salient/core/view.hpp"
#include "salient/kernel/conv.hpp"
#include "salient/kernel/epilogue.hpp"
#include "salient/kernel/pool.hpp"

namespace salient::kernel::direct {

/// As in kernel/conv.hpp: weights in the order in which a forward sweep reads them, those of `count` filters
/// from `first` on. With a group's last filter come the zeros that fill up its vector.
void pack(const conv_problem&, long first, long count,
          const float* weight,  // (count, KH, KW, depth)
          float* packed);
void unpack(const conv_problem&, const float* packed, float* weight);

/// y = the epilogue of a sweep over x, for every group of channels.
struct convolution {
  sweep s;
  int groups;
  view<const float> x;
  const float* packed;
  const float* bias;   ///< (y's channels) or null
  const float* scale;  ///< (x's channels) or null: what an adjoint's filters are multiplied by
  const epilogue<float>& after;
  view<float> y;

  void operator()(share) const;
};

/// y = the epilogue of x weight^T + bias, for all positions
struct dense {
  view<const float> x;
  const float* weight;  ///< (y's channels, x's channels)
  const float* bias;    ///< (y's channels) or null
  const epilogue<float>& after;
  view<float> y;

  void operator()(share) const;
};

/// dx = the epilogue of dy weight
struct dense_input_gradient {
  view<const float> dy;
  const float* weight;  ///< (dy's channels, dx's channels)
  const float* scale;   ///< (dy's channels) or null: what filters are multiplied by
  const epilogue<float>& after;
  view<float> dx;

  void operator()(share) const;
};

/// Images as a weight gradient reads them: with zeros beside them, and room for a vector behind; or as they
/// are. Groups of channels are apart, each a batch of images, unless each channel is a group.
struct padded_images {
  const float* values;
  long pixel, line, image, group;  ///< from one to the next
};

/// Writes padded_elements (kernel/conv.hpp) to `padded`, unless the images will do as they are.
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

/// y = the epilogue of a sweep over x of a depthwise convolution, whose sweep's channels do not count.
struct depthwise {
  sweep s;
  int multiplier;  ///< filters of each input channel
  view<const float> x;
  const float* weight;  ///< (O, KH, KW)
  const float* bias;    ///< (y's channels) or null
  const float* scale;   ///< (x's channels) or null: what an adjoint's filters are multiplied by
  const epilogue<float>& after;
  view<float> y;

  void operator()(share) const;
};

/// dweight summed over the batch, of a depthwise convolution
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

/// Means of windows that slide, or that divide the image.
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

/// The epilogue of one position's results, which are in `row`.
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
