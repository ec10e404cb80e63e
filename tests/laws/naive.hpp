// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <utility>

#include "laws/layer_laws.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/window.hpp"

namespace salient::laws {

using images = basic_tensor<double>;

/// An element of a padded image; `outside` is the value of the padding.
inline double padded(const images& x, long n, int row, int column, int channel, double outside) {
  const bool inside = row >= 0 && row < x.extent.height && column >= 0 && column < x.extent.width;
  return inside ? x(n, row, column, channel) : outside;
}

/// Calls visit(n, y, x, c) for every element of a batch of `extent`.
template <class F>
void for_each_element(shape extent, long batch, const F& visit) {
  for (long n = 0; n < batch; ++n)
    for (int y = 0; y < extent.height; ++y)
      for (int x = 0; x < extent.width; ++x)
        for (int c = 0; c < extent.channels; ++c) visit(n, y, x, c);
}

/// The definition of a convolution, one product at a time.
inline images naive_convolution(const images& x, const window& w, shape out, int groups,
                                const std::vector<numbers>& tensors) {
  images result(out, x.batch);
  const numbers &weight = tensors[0], bias = tensors.size() > 1 ? tensors[1] : numbers();
  const int channels = x.extent.channels / groups;
  for_each_element(out, x.batch, [&](long n, int row, int column, int filter) {
    double sum = bias.empty() ? 0 : bias[static_cast<std::size_t>(filter)];
    const int first = filter / (out.channels / groups) * channels;
    for (int ky = 0; ky < w.height; ++ky)
      for (int kx = 0; kx < w.width; ++kx)
        for (int c = 0; c < channels; ++c) {
          const int at = ((filter * w.height + ky) * w.width + kx) * channels + c;
          sum += weight[static_cast<std::size_t>(at)] *
                 padded(x, n, row * w.stride_y - w.top + ky * w.dilation_y,
                        column * w.stride_x - w.left + kx * w.dilation_x, first + c, 0);
        }
    result(n, row, column, filter) = sum;
  });
  return result;
}

/// The largest value (`maximum`) or the mean in each window.
inline images naive_pooling(const images& x, const window& w, shape out, bool maximum) {
  constexpr double nothing = -std::numeric_limits<double>::infinity();
  images result(out, x.batch);
  for_each_element(out, x.batch, [&](long n, int row, int column, int c) {
    double largest = nothing, sum = 0;
    for (int ky = 0; ky < w.height; ++ky)
      for (int kx = 0; kx < w.width; ++kx) {
        const int y = row * w.stride_y - w.top + ky * w.dilation_y;
        const int at = column * w.stride_x - w.left + kx * w.dilation_x;
        largest = std::max(largest, padded(x, n, y, at, c, nothing));
        sum += padded(x, n, y, at, c, 0);
      }
    result(n, row, column, c) = maximum ? largest : sum / (w.height * w.width);
  });
  return result;
}

/// The laws of layers, and equality with the naive loop over `w`. `w` and `out` are computed by hand.
template <layer L>
void sliding_laws(shape in, shape out, const window& w, long batch = 2) {
  layer_laws<L>(in, out, batch);
  const cpu device;
  const reference r(device, subject_of<L, cpu, double>(), in, batch);
  images x(in, batch);
  x.values = r.x;
  images expected;
  if constexpr (L::role == layer_role::convolution)
    expected = naive_convolution(x, w, out, L::options.groups, r.tensors);
  else
    expected = naive_pooling(x, w, out, !L::linear);
  expect_close<double>(r.y, expected.values, w.area() * in.channels, "naive loop");
}

}  // namespace salient::laws
