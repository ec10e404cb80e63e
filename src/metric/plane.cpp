// SPDX-License-Identifier: MIT
#include "salient/metric/plane.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/core/resample.hpp"

namespace salient::metrics::detail {
namespace {

std::string words(shape s) {
  return std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + std::to_string(s.channels);
}

/// Sums `part(value)` over the channels of each pixel. The values are divided by a power of two, which rounds
/// nothing, so that sums of the largest numbers stay finite.
template <class T, class Part>
void sum_channels(std::span<const T> map, std::span<double> pixels, Part part) {
  double largest = 0;
  for (const T& v : map) largest = std::max(largest, std::fabs(static_cast<double>(v)));
  int exponent = 0;
  std::frexp(largest, &exponent);
  auto value = map.begin();
  const std::size_t channels = map.size() / pixels.size();
  for (double& pixel : pixels) {
    pixel = 0;
    for (std::size_t c = 0; c < channels; ++c, ++value)
      pixel += std::ldexp(part(static_cast<double>(*value)), -exponent);
  }
}

}  // namespace

template <class T>
void check_map(const basic_tensor<T>& map, std::string_view metric) {
  const std::string who(metric);
  const shape s = map.extent;
  if (map.batch < 0 || s.height < 1 || s.width < 1 || s.channels < 1 ||
      map.values.size() != static_cast<std::size_t>(map.batch * s.elements()))
    throw error(who + ": a tensor of " + std::to_string(map.batch) + " images of " + words(s) +
                " cannot hold " + std::to_string(map.values.size()) +
                " values; make it with tensor(shape, batch)");
  if (all_finite(std::span<const T>(map.values))) return;
  const auto first = std::ranges::find_if_not(map.values, [](const T& v) { return is_finite(v); });
  throw error(who + ": all values must be finite, but element " + std::to_string(first - map.values.begin()) +
              " of " + std::to_string(map.values.size()) + " is not");
}

template <class T>
void check_pair(const basic_tensor<T>& a, const basic_tensor<T>& b, std::string_view metric) {
  check_map(a, metric);
  check_map(b, metric);
  if (a.batch != b.batch || !(a.extent == b.extent))
    throw error(std::string(metric) + ": needs two batches of maps of one shape, got " +
                std::to_string(a.batch) + " of " + words(a.extent) + " and " + std::to_string(b.batch) +
                " of " + words(b.extent) + "; resample makes the sizes equal");
}

template <class T>
std::vector<double> magnitudes(const basic_tensor<T>& map, long n) {
  std::vector<double> pixels(static_cast<std::size_t>(map.extent.positions()));
  sum_channels<T>(map.image(n), pixels, [](double v) { return std::fabs(v); });
  return pixels;
}

template <class T>
basic_tensor<double> relevance(const basic_tensor<T>& maps, size to, long images, std::string_view metric) {
  check_map(maps, metric);
  const shape s = maps.extent;
  if (maps.batch != images)
    throw error(std::string(metric) + ": needs one map for each of " + std::to_string(images) +
                " images, got " + std::to_string(maps.batch));
  if (s.height > to.height || s.width > to.width)
    throw error(std::string(metric) + ": a map of " + std::to_string(s.height) + "x" +
                std::to_string(s.width) + " is larger than the image or mask, which has " +
                std::to_string(to.height) + "x" + std::to_string(to.width));
  basic_tensor<double> planes({s.height, s.width, 1}, maps.batch);
  for (long n = 0; n < maps.batch; ++n)
    sum_channels<T>(maps.image(n), planes.image(n), [](double v) { return v; });
  if (size(s) == to) return planes;
  basic_tensor<double> large = resample(planes, to);
  // A constant must stay one: interpolation may round it differently from pixel to pixel.
  for (long n = 0; n < maps.batch; ++n)
    if (constant(planes.image(n))) std::ranges::fill(large.image(n), planes.image(n).front());
  return large;
}

bool constant(std::span<const double> values) {
  return std::ranges::all_of(values, [&](double v) { return v == values.front(); });
}

std::vector<long> largest_first(std::span<const double> values) {
  std::vector<long> order(values.size());
  std::iota(order.begin(), order.end(), 0L);
  std::ranges::sort(order, {}, [&](long i) { return std::pair(-values[static_cast<std::size_t>(i)], i); });
  return order;
}

template void check_map(const basic_tensor<float>&, std::string_view);
template void check_map(const basic_tensor<double>&, std::string_view);
template void check_pair(const basic_tensor<float>&, const basic_tensor<float>&, std::string_view);
template void check_pair(const basic_tensor<double>&, const basic_tensor<double>&, std::string_view);
template std::vector<double> magnitudes(const basic_tensor<float>&, long);
template std::vector<double> magnitudes(const basic_tensor<double>&, long);
template basic_tensor<double> relevance(const basic_tensor<float>&, size, long, std::string_view);
template basic_tensor<double> relevance(const basic_tensor<double>&, size, long, std::string_view);

}  // namespace salient::metrics::detail
