// SPDX-License-Identifier: MIT
#include "salient/method/feature_maps.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace salient::methods::detail {
namespace {

/// At each position the sum over channels of term(index of the value, channel), in double.
template <class T, class F>
basic_tensor<T> sum_of_channels(const basic_tensor<T>& maps, const F& term) {
  const auto channels = static_cast<std::size_t>(maps.extent.channels);
  basic_tensor<T> result({maps.extent.height, maps.extent.width, 1}, maps.batch);
  for (std::size_t position = 0; position < result.values.size(); ++position) {
    double sum = 0;
    for (std::size_t k = 0; k < channels; ++k) sum += term(position * channels + k, k);
    result.values[position] = static_cast<T>(sum);
  }
  return result;
}

}  // namespace

template <class T>
void keep_positive(basic_tensor<T>& map) {
  salient::detail::check_finite<T>(map.values, {});
  for (T& v : map.values) v = std::max(v, T(0));
}

template <class T>
basic_tensor<T> channel_products(const basic_tensor<T>& maps, const basic_tensor<T>& gradients) {
  return sum_of_channels(maps, [&](std::size_t i, std::size_t) {
    return static_cast<double>(maps.values[i]) * static_cast<double>(gradients.values[i]);
  });
}

template <class T>
basic_tensor<T> weighted_sum(const basic_tensor<T>& maps, const basic_tensor<double>& weights) {
  const auto size = static_cast<std::size_t>(maps.extent.elements());
  return sum_of_channels(maps, [&](std::size_t i, std::size_t k) {
    return weights.image(static_cast<long>(i / size))[k] * static_cast<double>(maps.values[i]);
  });
}

template void keep_positive(basic_tensor<float>&);
template void keep_positive(basic_tensor<double>&);
template basic_tensor<float> channel_products(const basic_tensor<float>&, const basic_tensor<float>&);
template basic_tensor<double> channel_products(const basic_tensor<double>&, const basic_tensor<double>&);
template basic_tensor<float> weighted_sum(const basic_tensor<float>&, const basic_tensor<double>&);
template basic_tensor<double> weighted_sum(const basic_tensor<double>&, const basic_tensor<double>&);

}  // namespace salient::methods::detail
