// SPDX-License-Identifier: MIT
#include "salient/method/score_cam.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "salient/core/resample.hpp"

namespace salient::methods::detail {

template <class T>
void mask_by_channel(std::span<const T> input, shape extent, std::span<const T> maps, shape layer,
                     int channel, std::span<T> masked) {
  basic_tensor<double> mask({layer.height, layer.width, 1});
  for (std::size_t i = 0; i < mask.values.size(); ++i)
    mask.values[i] = static_cast<double>(
        maps[i * static_cast<std::size_t>(layer.channels) + static_cast<std::size_t>(channel)]);
  const auto [least, largest] = std::ranges::minmax(mask.values);
  const double range = largest - least;
  for (double& v : mask.values) v = range == 0 ? 0 : (v - least) / range;
  const auto enlarged = resample(mask, size(extent));
  for (std::size_t i = 0; i < masked.size(); ++i)
    masked[i] = static_cast<T>(static_cast<double>(input[i]) *
                               enlarged.values[i / static_cast<std::size_t>(extent.channels)]);
}

void to_softmax(std::span<double> scores) {
  const double largest = *std::ranges::max_element(scores);
  double sum = 0;
  for (double& v : scores) sum += v = std::exp(v - largest);
  for (double& v : scores) v /= sum;
}

template void mask_by_channel(std::span<const float>, shape, std::span<const float>, shape, int,
                              std::span<float>);
template void mask_by_channel(std::span<const double>, shape, std::span<const double>, shape, int,
                              std::span<double>);

}  // namespace salient::methods::detail
