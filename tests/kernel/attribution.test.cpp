// SPDX-License-Identifier: MIT
// label: threads
#include "salient/kernel/attribution.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/on_every_device.hpp"
#include "laws/noise.hpp"

namespace salient::kernel {
namespace {

TEST_ON_EVERY_DEVICE(attribution, is_rounded_once) {
  on_every_device([]<class D>(const D& device, auto scalar) {
    using T = decltype(scalar);
    for (const long size : {1L, 5L, 100'000L}) {
      const auto x = laws::noise<double>(size, 1);
      const auto gradient = laws::noise<T>(size, 2), from = laws::noise<T>(size, 3),
                 to = laws::noise<T>(size, 4);
      const resident<D, double> wide(device, x);
      const resident<D, T> g(device, gradient), first(device, from), last(device, to);
      resident<D, T> out(device, std::vector<T>(x.size(), T(NAN))), map(device, out.read());
      narrow<D, T>(device, size, wide, out);
      multiply_by_way<D, T>(device, size, g, first, last, map);
      std::vector<T> rounded, product;
      for (std::size_t i = 0; i < x.size(); ++i) {
        rounded.push_back(static_cast<T>(x[i]));
        product.push_back(static_cast<T>(double{gradient[i]} * (double{to[i]} - double{from[i]})));
      }
      EXPECT_EQ(out.read(), rounded);
      EXPECT_EQ(map.read(), product);
    }
  });
}

}  // namespace
}  // namespace salient::kernel
