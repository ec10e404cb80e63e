// SPDX-License-Identifier: MIT
#include "salient/method/smooth.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <string_view>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/core/philox.hpp"

namespace salient::methods::detail {
namespace {

constexpr int most = 1'000'000;

[[noreturn]] void refuse(const std::string& why) { throw error("smooth_grad: " + why); }

template <class N>
void refuse(std::string_view rule, N given) {
  std::ostringstream text;
  text << rule << ", got " << given;
  refuse(text.str());
}

void check_count(const std::string& name, int n) {
  if (n < 2 || n > most)
    refuse(name + " must be between 2, of which there is a standard error, and " + std::to_string(most), n);
}

template <class T>
constexpr std::string_view remedy =
    std::is_same_v<T, float> ? "float overflows; use a model<network, cpu, double>" : "double overflows";

}  // namespace

void check_noise(const noise_options& o) {
  if (!is_finite(o.deviation) || !(o.deviation >= 0))
    refuse("the deviation is a share of the input's range, which must be at least 0 and finite", o.deviation);
  check_count("samples", o.samples);
  if (o.most_samples) check_count("most_samples", *o.most_samples);
  if (o.most_samples && !o.tolerance)
    refuse("most_samples goes with a tolerance; without one, samples is their number");
  if (o.tolerance && (!is_finite(*o.tolerance) || !(*o.tolerance > 0)))
    refuse("the tolerance must be above 0 and finite", *o.tolerance);
  if (o.budget < 1) refuse("the budget must be at least 1 byte", o.budget);
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
    refuse("the network's input is not finite with noise: " + std::string(remedy<T>));
}

template <class T>
void moments::add(std::span<const T> map) {
  if (count_ == 0) elements_.assign(map.size(), {0, 0});
  ++count_;
  for (std::size_t i = 0; i < map.size(); ++i) {
    element& e = elements_[i];
    const double value = static_cast<double>(map[i]), change = value - e.mean;
    e.mean += change / count_;
    e.scatter += change * (value - e.mean);
  }
}

double moments::standard_error(std::size_t i) const {
  const double n = count_;
  return std::sqrt(elements_[i].scatter / (n * (n - 1)));
}

bool moments::settled(double tolerance) const {
  double errors = 0, magnitudes = 0;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    errors += standard_error(i);
    magnitudes += std::abs(elements_[i].mean);
  }
  return errors <= tolerance * magnitudes;
}

template <class T>
void moments::write(smoothed<T>& to, long n) const {
  const auto map = to.map.image(n), squares = to.squares.image(n), variance = to.variance.image(n),
             error = to.standard_error.image(n);
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    const auto [mean, scatter] = elements_[i];
    map[i] = static_cast<T>(mean);
    squares[i] = static_cast<T>(mean * mean + scatter / count_);
    variance[i] = static_cast<T>(scatter / count_);
    error[i] = static_cast<T>(standard_error(i));
  }
  to.samples[static_cast<std::size_t>(n)] = count_;
  salient::detail::check_finite<T>(map, {});
  for (const std::span<const T> statistic : {squares, variance, error})
    if (!all_finite(statistic)) refuse("the maps' squares are not finite: " + std::string(remedy<T>));
}

void add_image(std::vector<int>& images, int n) {
  const auto place = std::ranges::lower_bound(images, n);
  if (place == images.end() || *place != n) images.insert(place, n);
}

template double range_of(std::span<const float>);
template double range_of(std::span<const double>);
template void add_noise(std::span<const float>, double, std::uint64_t, int, std::span<float>);
template void add_noise(std::span<const double>, double, std::uint64_t, int, std::span<double>);
template void moments::add(std::span<const float>);
template void moments::add(std::span<const double>);
template void moments::write(smoothed<float>&, long) const;
template void moments::write(smoothed<double>&, long) const;

}  // namespace salient::methods::detail
