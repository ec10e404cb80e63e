// SPDX-License-Identifier: MIT
#include "salient/view/normalise.hpp"

#include <algorithm>
#include <cmath>

#include "salient/core/finite.hpp"
#include "view/check.hpp"

namespace salient {
namespace {

/// The sorted finite values of an image. If empty, or if both ends are equal, there is no range to scale by.
template <class T, class Measure>
std::vector<double> ranked(std::span<const T> image, Measure measure) {
  std::vector<double> result;
  result.reserve(image.size());
  for (const T v : image)
    if (is_finite(v)) result.push_back(measure(static_cast<double>(v)));
  std::sort(result.begin(), result.end());
  return result;
}

bool constant(const std::vector<double>& ranked) { return ranked.empty() || ranked.front() == ranked.back(); }

double at_percentile(const std::vector<double>& ranked, double p) {
  const double rank = p / 100 * static_cast<double>(ranked.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(rank), ranked.size() - 1);
  const auto high = std::min(low + 1, ranked.size() - 1);
  const double limit = ranked[low] + (rank - static_cast<double>(low)) * (ranked[high] - ranked[low]);
  return limit > ranked.front() ? limit : ranked.back();
}

void check_percentile(double p, const char* who) {
  if (is_nan(p) || !(p > 0 && p <= 100))
    throw error(std::string(who) + ": a percentile lies above 0 and up to 100, got " + std::to_string(p) +
                "; 99 is usual");
}

/// `value / limit`, clamped to [low, 1]; infinities clamp like any other value, NaN becomes 0.
float scaled(double value, double limit, double low) {
  return is_nan(value) ? 0.0F : static_cast<float>(std::clamp(value / limit, low, 1.0));
}

/// Calls `scale(image, out)` for each image; if it returns false, the image is degenerate.
template <class T, class Scale>
normalised each_image(const basic_tensor<T>& map, const char* who, Scale scale) {
  view_detail::check(map, who);
  normalised result{tensor(map.extent, map.batch), std::vector<bool>(static_cast<std::size_t>(map.batch))};
  for (long n = 0; n < map.batch; ++n)
    result.degenerate[static_cast<std::size_t>(n)] = !scale(map.image(n), result.map.image(n));
  return result;
}

}  // namespace

template <class T>
normalised min_max(const basic_tensor<T>& map) {
  return each_image(map, "min_max", [](std::span<const T> in, std::span<float> out) {
    const auto values = ranked(in, [](double v) { return v; });
    if (constant(values)) return false;
    // Halve both ends if their difference would overflow a double.
    const double unit = is_finite(values.back() - values.front()) ? 1 : 0.5;
    const double low = unit * values.front(), range = unit * values.back() - low;
    for (std::size_t i = 0; i < in.size(); ++i)
      out[i] = scaled(unit * static_cast<double>(in[i]) - low, range, 0);
    return true;
  });
}

template <class T>
normalised percentile(const basic_tensor<T>& map, double p) {
  check_percentile(p, "percentile");
  return each_image(map, "percentile", [p](std::span<const T> in, std::span<float> out) {
    const auto magnitudes = ranked(in, [](double v) { return std::fabs(v); });
    if (constant(magnitudes)) return false;
    const double limit = at_percentile(magnitudes, p);
    for (std::size_t i = 0; i < in.size(); ++i)
      out[i] = scaled(std::fabs(static_cast<double>(in[i])), limit, 0);
    return true;
  });
}

template <class T>
normalised symmetric_percentile(const basic_tensor<T>& map, double p) {
  check_percentile(p, "symmetric_percentile");
  return each_image(map, "symmetric_percentile", [p](std::span<const T> in, std::span<float> out) {
    if (constant(ranked(in, [](double v) { return v; }))) return false;
    const double limit = at_percentile(ranked(in, [](double v) { return std::fabs(v); }), p);
    for (std::size_t i = 0; i < in.size(); ++i) out[i] = scaled(in[i], limit, -1);
    return true;
  });
}

template normalised min_max(const basic_tensor<float>&);
template normalised min_max(const basic_tensor<double>&);
template normalised percentile(const basic_tensor<float>&, double);
template normalised percentile(const basic_tensor<double>&, double);
template normalised symmetric_percentile(const basic_tensor<float>&, double);
template normalised symmetric_percentile(const basic_tensor<double>&, double);

}  // namespace salient
