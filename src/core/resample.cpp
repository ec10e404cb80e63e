// SPDX-License-Identifier: MIT
#include "salient/core/resample.hpp"

#include <algorithm>
#include <cmath>

#include "salient/core/error.hpp"

namespace salient {
namespace {

/// The source pixels `low` and `high` of a target pixel, and the weight of `high`.
struct tap {
  int low;
  int high;
  double weight;
};

tap between(double at, int from) {
  at = std::clamp(at, 0.0, from - 1.0);
  const int low = static_cast<int>(at);
  return {low, std::min(low + 1, from - 1), at - low};
}

std::vector<tap> taps(int from, int to, interpolation how) {
  std::vector<tap> result(static_cast<std::size_t>(to));
  const double scale = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    if (how == interpolation::nearest) {
      // Integer arithmetic: i * scale may round to just below a whole number, one pixel off.
      const int at = static_cast<int>(static_cast<long>(i) * from / to);
      result[static_cast<std::size_t>(i)] = {at, at, 0};
    } else {
      result[static_cast<std::size_t>(i)] = between((i + 0.5) * scale - 0.5, from);
    }
  }
  return result;
}

std::vector<tap> taps(int from, int to, cell_axis centres, interpolation how) {
  std::vector<tap> result(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double at = (i - centres.first) / centres.step;
    const double nearest = std::ceil(at - 0.5);  // of two that are equally near the first
    result[static_cast<std::size_t>(i)] = between(how == interpolation::nearest ? nearest : at, from);
  }
  return result;
}

void check(shape in, size to) {
  if (to.height <= 0 || to.width <= 0 || in.elements() <= 0)
    throw error("resample: sizes must be positive, got " + std::to_string(in.height) + "x" +
                std::to_string(in.width) + " to " + std::to_string(to.height) + "x" +
                std::to_string(to.width));
}

template <class T>
basic_tensor<T> resample(const basic_tensor<T>& in, const std::vector<tap>& rows,
                         const std::vector<tap>& columns) {
  const int height = static_cast<int>(rows.size()), width = static_cast<int>(columns.size());
  basic_tensor<T> out({height, width, in.extent.channels}, in.batch);
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

}  // namespace

template <class T>
basic_tensor<T> resample(const basic_tensor<T>& in, size to, interpolation how) {
  check(in.extent, to);
  return resample(in, taps(in.extent.height, to.height, how), taps(in.extent.width, to.width, how));
}

template <class T>
basic_tensor<T> resample(const basic_tensor<T>& in, size to, const cell_centres& centres, interpolation how) {
  check(in.extent, to);
  if (!(centres.y.step > 0 && centres.x.step > 0))
    throw error("resample: the steps between cells must be positive, got " + std::to_string(centres.y.step) +
                " and " + std::to_string(centres.x.step));
  return resample(in, taps(in.extent.height, to.height, centres.y, how),
                  taps(in.extent.width, to.width, centres.x, how));
}

template basic_tensor<float> resample(const basic_tensor<float>&, size, interpolation);
template basic_tensor<double> resample(const basic_tensor<double>&, size, interpolation);
template basic_tensor<float> resample(const basic_tensor<float>&, size, const cell_centres&, interpolation);
template basic_tensor<double> resample(const basic_tensor<double>&, size, const cell_centres&, interpolation);

}  // namespace salient
