// SPDX-License-Identifier: MIT
#include "salient/metric/infidelity.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "core/refuse.hpp"
#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/core/philox.hpp"
#include "salient/core/resample.hpp"
#include "salient/metric/plane.hpp"

namespace salient::metrics {
namespace {

template <class N>
[[noreturn]] void refuse(std::string_view rule, const N& given) {
  salient::detail::refuse("infidelity", rule, given);
}

/// A value for every element of the input.
template <class T>
basic_tensor<double> spread(const basic_tensor<T>& maps, shape input, long images) {
  detail::check_map(maps, "infidelity");
  if (maps.batch != images)
    refuse("needs one map for each of " + std::to_string(images) + " images", maps.batch);
  const shape s = maps.extent;
  const auto text = [](shape of) {
    return std::to_string(of.height) + "x" + std::to_string(of.width) + "x" + std::to_string(of.channels);
  };
  basic_tensor<double> result(input, images);
  if (s == input) {
    std::ranges::copy(maps.values, result.values.begin());
    return result;
  }
  if (s.height > input.height || s.width > input.width)
    refuse("needs maps no larger than the input, " + text(input), text(s));
  basic_tensor<double> planes({s.height, s.width, 1}, images);
  for (std::size_t i = 0; i < maps.values.size(); ++i)
    planes.values[i / static_cast<std::size_t>(s.channels)] += static_cast<double>(maps.values[i]);
  if (!(size(s) == size(input))) planes = resample(planes, size(input));
  for (std::size_t i = 0; i < result.values.size(); ++i)
    result.values[i] = planes.values[i / static_cast<std::size_t>(input.channels)] / input.channels;
  return result;
}

struct one_infidelity {
  double mean, standard_error, scaled;
  std::optional<double> unexplained;
};

one_infidelity of_image(std::span<const double> foretold, std::span<const double> falls) {
  const auto n = static_cast<double>(falls.size());
  double mean = 0, scatter = 0, both = 0, own = 0, all = 0, count = 0;
  for (std::size_t k = 0; k < falls.size(); ++k) {
    const double square = (foretold[k] - falls[k]) * (foretold[k] - falls[k]), change = square - mean;
    mean += change / ++count;
    scatter += change * (square - mean);
    both += foretold[k] * falls[k];
    own += foretold[k] * foretold[k];
    all += falls[k] * falls[k];
  }
  const double factor = own > 0 ? both / own : 0;
  double left = 0;
  for (std::size_t k = 0; k < falls.size(); ++k)
    left += (factor * foretold[k] - falls[k]) * (factor * foretold[k] - falls[k]);
  one_infidelity result{mean, std::sqrt(scatter / (n * (n - 1))), left / n, std::nullopt};
  // The rounding of a perfect map's sums may not make it worse than a map of zeros.
  if (all > 0) result.unexplained = std::min(1.0, left / all);
  if (!is_finite(mean) || !is_finite(result.standard_error) || !is_finite(result.scaled))
    throw error("infidelity: the squares are not finite; scale the maps down");
  return result;
}

}  // namespace

namespace detail {

template <class T>
random_changes<T>::random_changes(const infidelity_options& o, shape extent)
    : options_(o),
      extent_(extent),
      side_(o.side.value_or(std::max(1, std::min(extent.height, extent.width) / 4))),
      changed_(static_cast<std::size_t>(extent.elements())) {
  if (!is_finite(o.deviation) || !(o.deviation > 0))
    refuse("the deviation is a share of the input's range, which must be above 0 and finite", o.deviation);
  if (side_ < 1 || side_ > std::min(extent.height, extent.width))
    refuse("the side of the square must be between 1 and the image's shorter side, " +
               std::to_string(std::min(extent.height, extent.width)),
           side_);
  if (!is_finite(static_cast<T>(o.baseline)))
    refuse("the baseline must be finite in the model's scalar", o.baseline);
  salient::detail::check_sample_count("infidelity", "samples", o.samples);
}

template <class T>
template <class F>
void random_changes<T>::for_each_removed(const F& f) const {
  const auto row = static_cast<std::size_t>(side_ * extent_.channels);
  for (int y = top_; y < top_ + side_; ++y) {
    const auto first = static_cast<std::size_t>((y * extent_.width + left_) * extent_.channels);
    for (std::size_t i = first; i < first + row; ++i) f(i);
  }
}

template <class T>
void random_changes<T>::draw(std::span<const T> x, long n, int sample) {
  random_numbers numbers{.seed = options_.seed,
                         .use = random_use::infidelity_noise,
                         .image = options_.first + static_cast<std::uint32_t>(n),
                         .sample = static_cast<std::uint32_t>(sample)};
  if (options_.change == infidelity_change::removal) {
    numbers.use = random_use::infidelity_square;
    const auto place = [&](std::uint64_t element, int length) {
      return static_cast<int>(numbers.uniform(element) * (length - side_ + 1));
    };
    top_ = place(0, extent_.height);
    left_ = place(1, extent_.width);
    std::ranges::copy(x, changed_.begin());
    for_each_removed([&](std::size_t i) { changed_[i] = static_cast<T>(options_.baseline); });
    return;
  }
  const auto [least, largest] = std::ranges::minmax(x);
  const double deviation = options_.deviation * (static_cast<double>(largest) - static_cast<double>(least));
  double some[256];
  for (std::size_t first = 0; first < x.size(); first += std::size(some)) {
    const std::span normals(some, std::min(std::size(some), x.size() - first));
    numbers.normals(normals, first);
    for (std::size_t i = 0; i < normals.size(); ++i)
      changed_[first + i] = static_cast<T>(static_cast<double>(x[first + i]) - deviation * normals[i]);
  }
  if (!all_finite(std::span<const T>(changed_)))
    throw error("infidelity: the network's input is not finite with noise; give a smaller deviation");
}

template <class T>
double random_changes<T>::foretold(std::span<const double> map, std::span<const T> x) const {
  double sum = 0;
  if (options_.change == infidelity_change::removal)
    for_each_removed([&](std::size_t i) { sum += map[i]; });
  else  // d as it was after rounding
    for (std::size_t i = 0; i < map.size(); ++i)
      sum += map[i] * (static_cast<double>(x[i]) - static_cast<double>(changed_[i]));
  return sum;
}

template class random_changes<float>;
template class random_changes<double>;

}  // namespace detail

template <class T>
infidelities infidelity(const value_falls<T>& of, const basic_tensor<T>& maps) {
  const auto all = spread(maps, of.inputs.extent, of.inputs.batch);
  detail::random_changes<T> changes(of.options, of.inputs.extent);
  const auto samples = static_cast<std::size_t>(of.options.samples);
  std::vector<double> foretold(samples);
  infidelities result;
  for (long n = 0; n < of.inputs.batch; ++n) {
    const auto x = of.inputs.image(n);
    for (std::size_t k = 0; k < samples; ++k) {
      changes.draw(x, n, static_cast<int>(k));
      foretold[k] = changes.foretold(all.image(n), x);
    }
    const one_infidelity one =
        of_image(foretold, std::span(of.falls).subspan(static_cast<std::size_t>(n) * samples, samples));
    result.mean.emplace_back(one.mean);
    result.standard_error.emplace_back(one.standard_error);
    result.scaled.emplace_back(one.scaled);
    result.unexplained.push_back(one.unexplained);
  }
  return result;
}

template infidelities infidelity(const value_falls<float>&, const basic_tensor<float>&);
template infidelities infidelity(const value_falls<double>&, const basic_tensor<double>&);

}  // namespace salient::metrics
