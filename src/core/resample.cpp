// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <string>

#include "core/resampler.hpp"
#include "salient/core/error.hpp"

namespace salient {
namespace {

void check(size from, size to) {
  if (to.height <= 0 || to.width <= 0 || from.height <= 0 || from.width <= 0)
    throw error("resample: sizes must be positive, got " + std::to_string(from.height) + "x" +
                std::to_string(from.width) + " to " + std::to_string(to.height) + "x" +
                std::to_string(to.width));
}

template <class T>
basic_tensor<T> resample_all(const basic_tensor<T>& in, size to, const resampler& by) {
  const int channels = in.extent.channels;
  basic_tensor<T> out({to.height, to.width, channels}, in.batch);
  for (long n = 0; n < in.batch; ++n) by(in.image(n), channels, out.image(n));
  return out;
}

}  // namespace

resampler::tap resampler::between(double at, int from) {
  at = std::clamp(at, 0.0, from - 1.0);
  const int low = static_cast<int>(at);
  return {low, std::min(low + 1, from - 1), at - low};
}

std::vector<resampler::tap> resampler::taps(int from, int to, interpolation how) {
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

std::vector<resampler::tap> resampler::taps(int from, int to, cell_axis centres, interpolation how) {
  std::vector<tap> result(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double at = (i - centres.first) / centres.step;
    const double nearest = std::ceil(at - 0.5);  // of two that are equally near the first
    result[static_cast<std::size_t>(i)] = between(how == interpolation::nearest ? nearest : at, from);
  }
  return result;
}

resampler::resampler(size from, size to, interpolation how) : width_(from.width) {
  check(from, to);
  rows_ = taps(from.height, to.height, how);
  columns_ = taps(from.width, to.width, how);
}

resampler::resampler(size from, size to, const cell_centres& centres, interpolation how)
    : width_(from.width) {
  check(from, to);
  if (!(centres.y.step > 0 && centres.x.step > 0))
    throw error("resample: the steps between cells must be positive, got " + std::to_string(centres.y.step) +
                " and " + std::to_string(centres.x.step));
  rows_ = taps(from.height, to.height, centres.y, how);
  columns_ = taps(from.width, to.width, centres.x, how);
}

template <class T>
void resampler::operator()(std::span<const T> in, int channels, std::span<T> out) const {
  const auto at = [&](int y, int x) { return in.data() + (static_cast<long>(y) * width_ + x) * channels; };
  T* to = out.data();
  for (const tap& v : rows_)
    for (const tap& h : columns_) {
      const T *const top_left = at(v.low, h.low), *const top_right = at(v.low, h.high),
                     *const bottom_left = at(v.high, h.low), *const bottom_right = at(v.high, h.high);
      for (int c = 0; c < channels; ++c) {
        const double top = top_left[c] * (1 - h.weight) + top_right[c] * h.weight;
        const double bottom = bottom_left[c] * (1 - h.weight) + bottom_right[c] * h.weight;
        *to++ = static_cast<T>(top * (1 - v.weight) + bottom * v.weight);
      }
    }
}

template <class T>
basic_tensor<T> resample(const basic_tensor<T>& in, size to, interpolation how) {
  return resample_all(in, to, resampler(size(in.extent), to, how));
}

template <class T>
basic_tensor<T> resample(const basic_tensor<T>& in, size to, const cell_centres& centres, interpolation how) {
  return resample_all(in, to, resampler(size(in.extent), to, centres, how));
}

template void resampler::operator()(std::span<const float>, int, std::span<float>) const;
template void resampler::operator()(std::span<const double>, int, std::span<double>) const;
template basic_tensor<float> resample(const basic_tensor<float>&, size, interpolation);
template basic_tensor<double> resample(const basic_tensor<double>&, size, interpolation);
template basic_tensor<float> resample(const basic_tensor<float>&, size, const cell_centres&, interpolation);
template basic_tensor<double> resample(const basic_tensor<double>&, size, const cell_centres&, interpolation);

}  // namespace salient
