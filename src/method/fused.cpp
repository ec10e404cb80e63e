// SPDX-License-Identifier: MIT
#include "salient/method/fused.hpp"

#include <algorithm>

namespace salient::methods::detail {

template <class T>
fused_maps<T>::fused_maps(fusion how, shape input, long batch)
    : how_(how), sum_({input.height, input.width, 1}, batch) {}

template <class T>
basic_tensor<T> fused_maps<T>::flat(basic_tensor<T> maps) {
  salient::detail::check_finite<T>(maps.values, {});  // a maximum could hide it
  if (maps.extent.channels == 1) return maps;
  const auto channels = static_cast<std::size_t>(maps.extent.channels);
  basic_tensor<T> sums({maps.extent.height, maps.extent.width, 1}, maps.batch);
  for (std::size_t i = 0; i < sums.values.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < channels; ++k) sum += static_cast<double>(maps.values[i * channels + k]);
    sums.values[i] = static_cast<T>(sum);
  }
  return sums;
}

template <class T>
void fused_maps<T>::add(const basic_tensor<T>& map) {
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    const auto v = static_cast<double>(map.values[i]);
    double& to = sum_.values[i];
    to = count_ == 0 ? v : how_ == fusion::mean ? to + v : std::max(to, v);
  }
  ++count_;
}

template <class T>
basic_tensor<T> fused_maps<T>::result() const {
  const double share = how_ == fusion::mean ? 1.0 / count_ : 1;
  basic_tensor<T> map(sum_.extent, sum_.batch);
  std::ranges::transform(sum_.values, map.values.begin(),
                         [&](double v) { return static_cast<T>(v * share); });
  return map;
}

template class fused_maps<float>;
template class fused_maps<double>;

}  // namespace salient::methods::detail
