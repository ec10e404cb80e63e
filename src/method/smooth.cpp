// SPDX-License-Identifier: MIT
#include "salient/method/smooth.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "core/refuse.hpp"
#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/core/philox.hpp"

namespace salient::methods::detail {
void check_noise(double deviation, const sample_options& o) {
  if (!is_finite(deviation) || !(deviation >= 0))
    salient::detail::refuse(
        "smooth_grad", "the deviation is a share of the input's range, which must be at least 0 and finite",
        deviation);
  check_samples(o);
}

template <class T>
double range_of(std::span<const T> input) {
  const auto [least, largest] = std::ranges::minmax(input);
  return static_cast<double>(largest) - static_cast<double>(least);
}

template <class T>
void add_noise(std::span<const T> input, double deviation, std::uint64_t seed, int sample,
               std::span<T> noisy) {
  // Image 0 for all: every image has the same noise.
  const random_numbers numbers{
      .seed = seed, .use = random_use::input_noise, .image = 0, .sample = static_cast<std::uint32_t>(sample)};
  double some[256];
  for (std::size_t first = 0; first < input.size(); first += std::size(some)) {
    const std::span normals(some, std::min(std::size(some), input.size() - first));
    numbers.normals(normals, first);
    for (std::size_t i = 0; i < normals.size(); ++i)
      noisy[first + i] = static_cast<T>(static_cast<double>(input[first + i]) + deviation * normals[i]);
  }
  if (!all_finite(std::span<const T>(noisy)))
    throw error(std::string("smooth_grad: the network's input is not finite with noise: ") +
                (std::is_same_v<T, float> ? "float overflows; use a model<network, cpu, double>"
                                          : "double overflows"));
}

void add_image(std::vector<int>& images, int n) {
  const auto place = std::ranges::lower_bound(images, n);
  if (place == images.end() || *place != n) images.insert(place, n);
}

template double range_of(std::span<const float>);
template double range_of(std::span<const double>);
template void add_noise(std::span<const float>, double, std::uint64_t, int, std::span<float>);
template void add_noise(std::span<const double>, double, std::uint64_t, int, std::span<double>);

}  // namespace salient::methods::detail
