// SPDX-License-Identifier: MIT
#include "salient/method/expected_gradients.hpp"

#include <algorithm>
#include <string>

#include "salient/core/error.hpp"
#include "salient/core/philox.hpp"

namespace salient::methods::detail {

void check_baselines(const baseline_choice& from, shape extent) {
  const auto refuse = [&](const std::string& why) { throw error(std::string(from.method) + ": " + why); };
  if (from.value && from.image)
    refuse("a baseline and baselines are given; a sample starts at the one or at one of the others");
  if (from.image && (!(from.image->extent == extent) || from.image->batch < 1))
    refuse("the baselines must have the input's shape, and there must be at least one");
  check_baseline(from, extent, from.image ? from.image->batch : 1);
}

path_sample draw_path_sample(std::uint64_t seed, int sample, long baselines) {
  // Image 0 for all: every image has the same samples.
  const random_numbers numbers{
      .seed = seed, .use = random_use::path_point, .image = 0, .sample = static_cast<std::uint32_t>(sample)};
  double drawn[2];
  numbers.uniforms(drawn);
  const auto which = static_cast<long>(drawn[0] * static_cast<double>(baselines));
  return {std::min(which, baselines - 1), drawn[1]};
}

template <class T>
void path_point(std::span<const T> from, std::span<const T> to, double place, std::span<T> point) {
  for (std::size_t i = 0; i < point.size(); ++i) {
    const auto start = static_cast<double>(from[i]);
    point[i] = static_cast<T>(start + place * (static_cast<double>(to[i]) - start));
  }
}

template <class T>
void multiply_by_way(std::span<const T> from, std::span<const T> to, std::span<const T> gradient,
                     std::span<T> map) {
  for (std::size_t i = 0; i < map.size(); ++i)
    map[i] = static_cast<T>((static_cast<double>(to[i]) - static_cast<double>(from[i])) *
                            static_cast<double>(gradient[i]));
}

template void path_point(std::span<const float>, std::span<const float>, double, std::span<float>);
template void path_point(std::span<const double>, std::span<const double>, double, std::span<double>);
template void multiply_by_way(std::span<const float>, std::span<const float>, std::span<const float>,
                              std::span<float>);
template void multiply_by_way(std::span<const double>, std::span<const double>, std::span<const double>,
                              std::span<double>);

}  // namespace salient::methods::detail
