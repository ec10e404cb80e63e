// SPDX-License-Identifier: MIT
#include "salient/method/score_cam.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace salient::methods::detail {

channel_masks::channel_masks(shape input, shape layer)
    : input_(input),
      layer_(layer),
      enlarge_(size(layer), size(input)),
      mask_(static_cast<std::size_t>(layer.positions())),
      enlarged_(static_cast<std::size_t>(input.positions())) {}

template <class T>
void channel_masks::apply(std::span<const T> input, std::span<const T> maps, int channel,
                          std::span<T> masked) {
  for (std::size_t i = 0; i < mask_.size(); ++i)
    mask_[i] = static_cast<double>(
        maps[i * static_cast<std::size_t>(layer_.channels) + static_cast<std::size_t>(channel)]);
  const auto [least, largest] = std::ranges::minmax(mask_);
  const double range = largest - least;
  for (double& v : mask_) v = range == 0 ? 0 : (v - least) / range;
  enlarge_(std::span<const double>(mask_), 1, std::span(enlarged_));
  for (std::size_t i = 0; i < masked.size(); ++i)
    masked[i] = static_cast<T>(static_cast<double>(input[i]) *
                               enlarged_[i / static_cast<std::size_t>(input_.channels)]);
}

void to_softmax(std::span<double> scores) {
  const double largest = *std::ranges::max_element(scores);
  double sum = 0;
  for (double& v : scores) sum += v = std::exp(v - largest);
  for (double& v : scores) v /= sum;
}

template void channel_masks::apply(std::span<const float>, std::span<const float>, int, std::span<float>);
template void channel_masks::apply(std::span<const double>, std::span<const double>, int, std::span<double>);

}  // namespace salient::methods::detail
