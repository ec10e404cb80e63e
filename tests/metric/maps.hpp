// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "laws/message_of.hpp"
#include "salient/core/blur.hpp"
#include "salient/core/error.hpp"
#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

/// One map of this extent with these values.
template <class T = float>
basic_tensor<T> map_of(shape extent, std::vector<T> values) {
  basic_tensor<T> map(extent);
  EXPECT_EQ(map.values.size(), values.size());
  map.values = std::move(values);
  return map;
}

template <class T = float>
basic_tensor<T> row_of(std::vector<T> values) {
  const int width = static_cast<int>(values.size());
  return map_of<T>({1, width, 1}, std::move(values));
}

/// Normally distributed values.
template <class T = double>
basic_tensor<T> noise(shape extent, long batch = 1, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  basic_tensor<T> map(extent, batch);
  for (T& v : map.values) v = static_cast<T>(normal(random));
  return map;
}

template <class T>
basic_tensor<T> scaled(basic_tensor<T> map, double factor) {
  for (T& v : map.values) v = static_cast<T>(static_cast<double>(v) * factor);
  return map;
}

using laws::message_of;

/// A metric of a map alone: its scale, its signs and other images of the batch change nothing; zeros have no
/// value; bad maps are refused by name. Maps of the largest and smallest numbers have finite values.
template <class Metric>
void expect_laws_of_a_map_alone(const std::string& name, const Metric& metric) {
  const auto maps = gaussian_blur(noise({6, 7, 2}, 3), 0.75);
  const values together = metric(maps);
  ASSERT_EQ(together.size(), 3u);
  EXPECT_NE(together[0], together[1]);
  EXPECT_EQ(metric(scaled(maps, 0.125)), together);
  EXPECT_EQ(metric(scaled(maps, -1)), together);
  for (long n = 0; n < 3; ++n) EXPECT_EQ(metric(maps.slice(n, 1))[0], together[static_cast<std::size_t>(n)]);
  for (const double factor : {1e-300, 1e307})
    for (std::size_t n = 0; n < 3; ++n) EXPECT_NEAR(*metric(scaled(maps, factor))[n], *together[n], 1e-9);
  EXPECT_EQ(metric(basic_tensor<double>({4, 4, 2})), values{std::nullopt});

  auto lying = maps, poisoned = maps;
  lying.values.pop_back();
  poisoned.values[5] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(
      message_of([&] { metric(lying); }),
      name + ": a tensor of 3 images of 6x7x2 cannot hold 251 values; make it with tensor(shape, batch)");
  EXPECT_EQ(message_of([&] { metric(poisoned); }),
            name + ": all values must be finite, but element 5 of 252 is not");
}

}  // namespace salient::metrics
