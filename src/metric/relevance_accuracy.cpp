// SPDX-License-Identifier: MIT
#include "salient/metric/relevance_accuracy.hpp"

#include <algorithm>

#include "metric/mask.hpp"

namespace salient::metrics {
namespace {

/// share(relevance of the pixels, mask, the object's pixels) for each image with an object.
template <class T, class Share>
values of_objects(const basic_tensor<T>& map, const tensor& mask, const char* who, Share share) {
  detail::check_mask(mask, who);
  const basic_tensor<double> planes = detail::relevance(map, size(mask.extent), mask.batch, who);
  values result;
  for (long n = 0; n < mask.batch; ++n) {
    const long object = detail::object_pixels(mask, n);
    result.push_back(object == 0 ? std::nullopt
                                 : share(std::span<const double>(planes.image(n)), mask.image(n), object));
  }
  return result;
}

std::optional<double> mass(std::span<const double> pixels, std::span<const float> mask, long) {
  double on = 0, all = 0;
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const double positive = std::max(pixels[i], 0.0);
    all += positive;
    if (mask[i] != 0) on += positive;
  }
  if (!(all > 0)) return std::nullopt;
  return on / all;
}

std::optional<double> rank(std::span<const double> pixels, std::span<const float> mask, long object) {
  if (detail::constant(pixels)) return std::nullopt;
  const std::vector<long> order = detail::largest_first(pixels);
  const auto on = std::count_if(order.begin(), order.begin() + object,
                                [&](long pixel) { return mask[static_cast<std::size_t>(pixel)] != 0; });
  return static_cast<double>(on) / static_cast<double>(object);
}

}  // namespace

template <class T>
values relevance_mass_accuracy(const basic_tensor<T>& map, const tensor& mask) {
  return of_objects(map, mask, "relevance_mass_accuracy", mass);
}

template <class T>
values relevance_rank_accuracy(const basic_tensor<T>& map, const tensor& mask) {
  return of_objects(map, mask, "relevance_rank_accuracy", rank);
}

template values relevance_mass_accuracy(const basic_tensor<float>&, const tensor&);
template values relevance_mass_accuracy(const basic_tensor<double>&, const tensor&);
template values relevance_rank_accuracy(const basic_tensor<float>&, const tensor&);
template values relevance_rank_accuracy(const basic_tensor<double>&, const tensor&);

}  // namespace salient::metrics
