// SPDX-License-Identifier: MIT
#include "salient/metric/max_sensitivity.hpp"

#include <cmath>
#include <string>

#include "core/refuse.hpp"
#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/core/philox.hpp"

namespace salient::metrics::detail {
namespace {

using salient::detail::refuse, salient::detail::most_samples;

/// Euclidean. The values are divided by the largest, so that no square overflows or vanishes.
double norm(std::span<const double> values) {
  double largest = 0, sum = 0;
  for (const double v : values) largest = std::max(largest, std::fabs(v));
  if (largest == 0) return 0;
  for (const double v : values) sum += (v / largest) * (v / largest);
  return largest * std::sqrt(sum);
}

}  // namespace

void check_sensitivity(const sensitivity_options& o) {
  if (!is_finite(o.radius) || !(o.radius > 0))
    refuse("max_sensitivity", "the radius is a share of the input's range, which must be above 0 and finite",
           o.radius);
  if (o.samples < 1 || o.samples > most_samples)
    refuse("max_sensitivity", "samples must be between 1 and " + std::to_string(most_samples), o.samples);
}

template <class T>
void add_uniform_noise(std::span<const T> input, const sensitivity_options& o, long n, int sample,
                       std::span<T> noisy) {
  const random_numbers numbers{.seed = o.seed,
                               .use = random_use::sensitivity_noise,
                               .image = o.first + static_cast<std::uint32_t>(n),
                               .sample = static_cast<std::uint32_t>(sample)};
  const double reach = o.radius * methods::detail::range_of(input);
  double some[256];
  for (std::size_t first = 0; first < input.size(); first += std::size(some)) {
    const std::span uniforms(some, std::min(std::size(some), input.size() - first));
    numbers.uniforms(uniforms, first);
    for (std::size_t i = 0; i < uniforms.size(); ++i)
      noisy[first + i] =
          static_cast<T>(static_cast<double>(input[first + i]) + reach * (2 * uniforms[i] - 1));
  }
  if (!all_finite(std::span<const T>(noisy)))
    throw error("max_sensitivity: the network's input is not finite with noise; give a smaller radius");
}

template <class T>
void distance::start(std::span<const T> map) {
  map_.assign(map.begin(), map.end());
  change_.resize(map_.size());
  norm_ = norm(map_);
  largest_ = 0;
}

template <class T>
void distance::add(std::span<const T> other) {
  for (std::size_t i = 0; i < map_.size(); ++i) change_[i] = static_cast<double>(other[i]) - map_[i];
  largest_ = std::max(largest_, norm(change_));
}

std::optional<double> distance::largest() const {
  if (norm_ == 0) return std::nullopt;
  const double share = largest_ / norm_;
  if (!is_finite(share)) throw error("max_sensitivity: the distance of two maps is not finite");
  return share;
}

template void add_uniform_noise(std::span<const float>, const sensitivity_options&, long, int,
                                std::span<float>);
template void add_uniform_noise(std::span<const double>, const sensitivity_options&, long, int,
                                std::span<double>);
template void distance::start(std::span<const float>);
template void distance::start(std::span<const double>);
template void distance::add(std::span<const float>);
template void distance::add(std::span<const double>);

}  // namespace salient::metrics::detail
