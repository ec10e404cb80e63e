// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "kernel/maps.hpp"
#include "salient/kernel/conv.hpp"

namespace salient::kernel::naive {

/// The definition of a convolution: calls visit(output, input, weight) with the indices for every product.
inline void for_each_product(const conv_problem& p, long batch, shape in, shape out,
                             const std::function<void(std::size_t, std::size_t, std::size_t)>& visit) {
  const int filters = p.filters / p.groups, depth = p.channels / p.groups;
  const auto at = [](long n, int y, int x, int c, shape s) {
    return static_cast<std::size_t>(((n * s.height + y) * s.width + x) * s.channels + c);
  };
  for (long n = 0; n < batch; ++n)
    for (int row = 0; row < out.height; ++row)
      for (int column = 0; column < out.width; ++column)
        for (int o = 0; o < p.filters; ++o)
          for (int ky = 0; ky < p.w.height; ++ky)
            for (int kx = 0; kx < p.w.width; ++kx) {
              const int y = row * p.w.stride_y - p.w.top + ky * p.w.dilation_y;
              const int x = column * p.w.stride_x - p.w.left + kx * p.w.dilation_x;
              if (y < 0 || y >= in.height || x < 0 || x >= in.width) continue;
              for (int c = 0; c < depth; ++c)
                visit(at(n, row, column, o, out), at(n, y, x, o / filters * depth + c, in),
                      static_cast<std::size_t>(((o * p.w.height + ky) * p.w.width + kx) * depth + c));
            }
}

struct conv_results {
  std::vector<double> y, dx, dweight, dbias;
};

/// All results of a convolution. `scale` is the input gradient's factor per filter; empty for none.
inline conv_results convolution(const conv_problem& p, const maps<double>& x_maps,
                                const maps<double>& dy_maps, const std::vector<double>& weight,
                                const std::vector<double>& bias, const std::vector<double>& scale) {
  const auto x = x_maps.read(), dy = dy_maps.read();
  const auto filters = static_cast<std::size_t>(p.filters);
  conv_results r{std::vector<double>(dy.size()), std::vector<double>(x.size()),
                 std::vector<double>(weight.size()), std::vector<double>(filters)};
  for (std::size_t i = 0; i < dy.size(); ++i) {
    r.y[i] = bias[i % filters];
    r.dbias[i % filters] += dy[i];
  }
  for_each_product(p, x_maps.batch, x_maps.extent, dy_maps.extent,
                   [&](std::size_t o, std::size_t i, std::size_t w) {
                     r.y[o] += weight[w] * x[i];
                     r.dx[i] += weight[w] * (scale.empty() ? 1 : scale[o % filters]) * dy[o];
                     r.dweight[w] += dy[o] * x[i];
                   });
  return r;
}

}  // namespace salient::kernel::naive
