// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/blurring.hpp"
#include "salient/core/error.hpp"

namespace salient {
namespace {

std::size_t radius_of(double sigma) { return static_cast<std::size_t>(4 * sigma + 0.5); }

void check(double sigma) {
  if (!(sigma >= 0) || !(sigma <= widest_blur))
    throw error("gaussian_blur: sigma must be between 0 and 10000 pixels, got " + std::to_string(sigma));
}

/// The pixel in 0..length-1 that stands at `i` when the row and its mirror image alternate.
long mirrored(long i, long length) {
  const long period = 2 * length;
  const long at = (i % period + period) % period;
  return at < length ? at : period - 1 - at;
}

}  // namespace

gaussian_blurring::gaussian_blurring(shape extent, double widest, outside beyond)
    : extent_(extent),
      beyond_(beyond),
      zeros_(static_cast<std::size_t>(std::max(extent.width, 1)) * static_cast<std::size_t>(extent.channels)),
      between_(static_cast<std::size_t>(extent.elements())) {
  check(widest);
  const std::size_t radius = radius_of(widest);
  weights_.reserve(radius + 1);
  const auto length = static_cast<std::size_t>(std::max(extent.height, extent.width));
  places_.reserve(length + 2 * (beyond == outside::zeros ? std::min(radius, length) : radius));
}

/// Weights at distances 0, 1, ..., which sum to 1 over both sides.
void gaussian_blurring::weigh(double sigma) {
  weights_.assign(radius_of(sigma) + 1, 1.0);
  double total = 1;
  for (std::size_t k = 1; k < weights_.size(); ++k) {
    const double distance = static_cast<double>(k) / sigma;
    weights_[k] = std::exp(-0.5 * distance * distance);
    total += 2 * weights_[k];
  }
  for (double& weight : weights_) weight /= total;
}

/// Blurs the middle axis of outer x length x inner values.
void gaussian_blurring::along(const double* in, long outer, long length, long inner, double* out) {
  const bool fades = beyond_ == outside::zeros;
  const long widest = static_cast<long>(weights_.size()) - 1;
  const long radius = fades ? std::min(widest, length - 1) : widest;  // farther, all pixels are zeros
  places_.resize(static_cast<std::size_t>(length + 2 * radius));      // of -radius, 1 - radius, ...
  for (std::size_t i = 0; i < places_.size(); ++i)
    places_[i] = mirrored(static_cast<long>(i) - radius, length) * inner;
  for (long o = 0; o < outer; ++o)
    for (long i = 0; i < length; ++i) {
      const auto line = [&](long at) {
        if (fades && (at < 0 || at >= length)) return static_cast<const double*>(zeros_.data());
        return in + o * length * inner + places_[static_cast<std::size_t>(at + radius)];
      };
      double* const to = out + (o * length + i) * inner;
      const double* const middle = line(i);
      for (long j = 0; j < inner; ++j) to[j] = weights_[0] * middle[j];
      for (long k = 1; k <= radius; ++k) {
        const double *const before = line(i - k), *const after = line(i + k);
        const double weight = weights_[static_cast<std::size_t>(k)];
        // Both sides in one sum: a mirrored image gives exactly the mirrored result.
        for (long j = 0; j < inner; ++j) to[j] += weight * (before[j] + after[j]);
      }
    }
}

void gaussian_blurring::operator()(std::span<const double> in, double sigma, std::span<double> out) {
  check(sigma);
  if (sigma == 0) {
    std::ranges::copy(in, out.begin());
    return;
  }
  weigh(sigma);
  const auto& [height, width, channels] = extent_;
  along(in.data(), 1, height, static_cast<long>(width) * channels, between_.data());
  along(between_.data(), height, width, channels, out.data());
}

template <class T>
basic_tensor<T> gaussian_blur(const basic_tensor<T>& in, double sigma, outside beyond) {
  check(sigma);
  const shape s = in.extent;
  if (in.batch < 0 || s.height < 1 || s.width < 1 || s.channels < 1 ||
      in.values.size() != static_cast<std::size_t>(in.batch * s.elements()))
    throw error(
        "gaussian_blur: the tensor's values do not fill its extent; make it with tensor(shape, batch)");
  if (sigma == 0) return in;
  gaussian_blurring by(s, sigma, beyond);
  basic_tensor<T> out(s, in.batch);
  std::vector<double> values(static_cast<std::size_t>(s.elements())), blurred(values.size());
  for (long n = 0; n < in.batch; ++n) {
    std::ranges::copy(in.image(n), values.begin());
    by(values, sigma, blurred);
    std::ranges::transform(blurred, out.image(n).begin(), [](double v) { return static_cast<T>(v); });
  }
  return out;
}

template basic_tensor<float> gaussian_blur(const basic_tensor<float>&, double, outside);
template basic_tensor<double> gaussian_blur(const basic_tensor<double>&, double, outside);

}  // namespace salient
