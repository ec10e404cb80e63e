// SPDX-License-Identifier: MIT
#include "salient/core/blur.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "salient/core/error.hpp"

namespace salient {
namespace {

/// Weights at distances 0, 1, ..., which sum to 1 over both sides.
std::vector<double> weights(double sigma) {
  const auto radius = static_cast<std::size_t>(4 * sigma + 0.5);
  std::vector<double> w(radius + 1, 1.0);
  double total = 1;
  for (std::size_t k = 1; k <= radius; ++k) {
    const double distance = static_cast<double>(k) / sigma;
    w[k] = std::exp(-0.5 * distance * distance);
    total += 2 * w[k];
  }
  for (double& weight : w) weight /= total;
  return w;
}

/// The pixel in 0..length-1 that stands at `i` when the row and its mirror image alternate.
long mirrored(long i, long length) {
  const long period = 2 * length;
  const long at = (i % period + period) % period;
  return at < length ? at : period - 1 - at;
}

/// Blurs the middle axis of outer x length x inner values.
std::vector<double> along(const std::vector<double>& in, long outer, long length, long inner,
                          const std::vector<double>& w, outside beyond) {
  const bool fades = beyond == outside::zeros;
  const long widest = static_cast<long>(w.size()) - 1;
  const long radius = fades ? std::min(widest, length - 1) : widest;        // farther, all pixels are zeros
  std::vector<long> places(static_cast<std::size_t>(length + 2 * radius));  // of -radius, 1 - radius, ...
  for (std::size_t i = 0; i < places.size(); ++i)
    places[i] = mirrored(static_cast<long>(i) - radius, length) * inner;
  const std::vector<double> zeros(static_cast<std::size_t>(inner));
  std::vector<double> out(in.size());
  for (long o = 0; o < outer; ++o)
    for (long i = 0; i < length; ++i) {
      const auto line = [&](long at) {
        if (fades && (at < 0 || at >= length)) return zeros.data();
        return in.data() + o * length * inner + places[static_cast<std::size_t>(at + radius)];
      };
      double* const to = out.data() + (o * length + i) * inner;
      const double* const middle = line(i);
      for (long j = 0; j < inner; ++j) to[j] = w[0] * middle[j];
      for (long k = 1; k <= radius; ++k) {
        const double *const before = line(i - k), *const after = line(i + k);
        const double weight = w[static_cast<std::size_t>(k)];
        // Both sides in one sum: a mirrored image gives exactly the mirrored result.
        for (long j = 0; j < inner; ++j) to[j] += weight * (before[j] + after[j]);
      }
    }
  return out;
}

}  // namespace

template <class T>
basic_tensor<T> gaussian_blur(const basic_tensor<T>& in, double sigma, outside beyond) {
  if (!(sigma >= 0) || !(sigma <= widest_blur))
    throw error("gaussian_blur: sigma must be between 0 and 10000 pixels, got " + std::to_string(sigma));
  const shape s = in.extent;
  if (in.batch < 0 || s.height < 1 || s.width < 1 || s.channels < 1 ||
      in.values.size() != static_cast<std::size_t>(in.batch * s.elements()))
    throw error(
        "gaussian_blur: the tensor's values do not fill its extent; make it with tensor(shape, batch)");
  if (sigma == 0) return in;
  const std::vector<double> w = weights(sigma);
  std::vector<double> values(in.values.begin(), in.values.end());
  values = along(values, in.batch, s.height, static_cast<long>(s.width) * s.channels, w, beyond);
  values = along(values, in.batch * s.height, s.width, s.channels, w, beyond);
  basic_tensor<T> out(s, in.batch);
  for (std::size_t i = 0; i < values.size(); ++i) out.values[i] = static_cast<T>(values[i]);
  return out;
}

template basic_tensor<float> gaussian_blur(const basic_tensor<float>&, double, outside);
template basic_tensor<double> gaussian_blur(const basic_tensor<double>&, double, outside);

}  // namespace salient
