// SPDX-License-Identifier: MIT
#include "salient/method/full_grad.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "salient/core/error.hpp"
#include "salient/core/resample.hpp"
#include "salient/method/changed_inputs.hpp"

namespace salient::methods::detail {
namespace {

/// The smallest and largest magnitude of some values.
struct range {
  double low, high;
};

/// A linear map of a range to that from 0 to 1. What is constant but for rounding, as gradients in front of a
/// global average pool, becomes 0: otherwise the picture would show the rounding.
template <class T>
struct scaling {
  double low, factor;

  explicit scaling(range r) : low(r.low), factor(0) {
    if (r.high - r.low > 16 * static_cast<double>(std::numeric_limits<T>::epsilon()) * r.high)
      factor = 1 / (r.high - r.low);
  }
  double operator()(double v) const { return (v - low) * factor; }
};

template <class T>
double magnitude(T v) {
  return std::abs(static_cast<double>(v));
}

/// The scalings of an image's channels; or that of all of them, for each.
template <class T>
std::vector<scaling<T>> scalings_of(std::span<const T> image, std::size_t channels, full_grad_scale scale) {
  std::vector<range> found(channels);
  for (std::size_t k = 0; k < channels; ++k) found[k] = {magnitude(image[k]), magnitude(image[k])};
  for (std::size_t i = 0, k = 0; i < image.size(); ++i, k = k + 1 == channels ? 0 : k + 1) {
    const double v = magnitude(image[i]);
    found[k] = {std::min(found[k].low, v), std::max(found[k].high, v)};
  }
  if (scale == full_grad_scale::layer) {
    range all = found[0];
    for (const range& r : found) all = {std::min(all.low, r.low), std::max(all.high, r.high)};
    std::ranges::fill(found, all);
  }
  return {found.begin(), found.end()};
}

}  // namespace

void check_full_grad(long budget) { check_budget("FullGrad", budget); }

template <class T>
full_gradient_sum<T>::full_gradient_sum(shape input, long batch, full_grad_scale scale)
    : scale_(scale),
      picture_({input.height, input.width, 1}, batch),
      totals_(static_cast<std::size_t>(batch)) {}

template <class T>
std::vector<double> full_gradient_sum<T>::add(const basic_tensor<T>& part) {
  const auto channels = static_cast<std::size_t>(part.extent.channels);
  salient::detail::check_finite<T>(part.values, {});  // comparisons could hide what is not finite
  std::vector<double> sums;
  basic_tensor<double> sums_of_channels({part.extent.height, part.extent.width, 1}, part.batch);
  for (long n = 0; n < part.batch; ++n) {
    const std::span<const T> image = part.image(n);
    double sum = 0;
    for (const T v : image) sum += static_cast<double>(v);
    sums.push_back(sum);
    totals_[static_cast<std::size_t>(n)] += sum;
    if (!part.extent.spatial()) continue;
    const auto scaled_by = scalings_of(image, channels, scale_);
    const auto to = sums_of_channels.image(n);
    for (std::size_t i = 0, p = 0; p < to.size(); ++p)
      for (std::size_t k = 0; k < channels; ++k, ++i) to[p] += scaled_by[k](magnitude(image[i]));
  }
  if (!part.extent.spatial()) return sums;
  // Enlarging is linear, so that one sum of all channels is enlarged instead of each.
  const auto large = resample(sums_of_channels, size(picture_.extent));
  for (std::size_t i = 0; i < large.values.size(); ++i) picture_.values[i] += large.values[i];
  return sums;
}

template <class T>
void multiply(basic_tensor<T>& part, std::span<const T> factors) {
  for (std::size_t i = 0, k = 0; i < part.values.size(); ++i, k = k + 1 == factors.size() ? 0 : k + 1)
    part.values[i] *= factors[k];
}

template class full_gradient_sum<float>;
template class full_gradient_sum<double>;
template void multiply(basic_tensor<float>&, std::span<const float>);
template void multiply(basic_tensor<double>&, std::span<const double>);

}  // namespace salient::methods::detail
