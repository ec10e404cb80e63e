// SPDX-License-Identifier: MIT
#include "salient/core/resample.hpp"

#include <algorithm>

#include "salient/core/error.hpp"

namespace salient {
namespace {

/// The source pixels `low` and `high` of a target pixel, and the weight of `high`.
struct tap {
  int low;
  int high;
  double weight;
};

std::vector<tap> taps(int from, int to, interpolation how) {
  std::vector<tap> result(static_cast<std::size_t>(to));
  const double scale = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    if (how == interpolation::nearest) {
      // Integer arithmetic: i * scale may round to just below a whole number, one pixel off.
      const int at = static_cast<int>(static_cast<long>(i) * from / to);
      result[static_cast<std::size_t>(i)] = {at, at, 0};
    } else {
      const double at = std::clamp((i + 0.5) * scale - 0.5, 0.0, from - 1.0);
      const int low = static_cast<int>(at);
      result[static_cast<std::size_t>(i)] = {low, std::min(low + 1, from - 1), at - low};
    }
  }
  return result;
}

}  // namespace

template <class T>
basic_tensor<T> resample(const basic_tensor<T>& in, size to, interpolation how) {
  const auto [height, width] = to;
  if (height <= 0 || width <= 0 || in.extent.elements() <= 0)
    throw error("resample: sizes must be positive, got " + std::to_string(in.extent.height) + "x" +
                std::to_string(in.extent.width) + " to " + std::to_string(height) + "x" +
                std::to_string(width));
  basic_tensor<T> out({height, width, in.extent.channels}, in.batch);
  const auto rows = taps(in.extent.height, height, how);
  const auto columns = taps(in.extent.width, width, how);
  for (long n = 0; n < in.batch; ++n)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < in.extent.channels; ++c) {
          const tap v = rows[static_cast<std::size_t>(y)], h = columns[static_cast<std::size_t>(x)];
          const double top = in(n, v.low, h.low, c) * (1 - h.weight) + in(n, v.low, h.high, c) * h.weight;
          const double bottom =
              in(n, v.high, h.low, c) * (1 - h.weight) + in(n, v.high, h.high, c) * h.weight;
          out(n, y, x, c) = static_cast<T>(top * (1 - v.weight) + bottom * v.weight);
        }
  return out;
}

template basic_tensor<float> resample(const basic_tensor<float>&, size, interpolation);
template basic_tensor<double> resample(const basic_tensor<double>&, size, interpolation);

}  // namespace salient
