// SPDX-License-Identifier: MIT
#include "salient/method/score_cam.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "core/resampler.hpp"

namespace salient::methods::detail {

struct channel_masks::workspace {
  shape input, layer;
  resampler enlarge;
  std::vector<double> mask, enlarged;
};

channel_masks::channel_masks(shape input, shape layer)
    : own_(new workspace{input, layer, resampler(size(layer), size(input)),
                         std::vector<double>(static_cast<std::size_t>(layer.positions())),
                         std::vector<double>(static_cast<std::size_t>(input.positions()))}) {}

channel_masks::~channel_masks() = default;

template <class T>
void channel_masks::apply(std::span<const T> input, std::span<const T> maps, int channel,
                          std::span<T> masked) {
  auto& [image, layer, enlarge, mask, enlarged] = *own_;
  for (std::size_t i = 0; i < mask.size(); ++i)
    mask[i] = static_cast<double>(
        maps[i * static_cast<std::size_t>(layer.channels) + static_cast<std::size_t>(channel)]);
  const auto [least, largest] = std::ranges::minmax(mask);
  const double range = largest - least;
  for (double& v : mask) v = range == 0 ? 0 : (v - least) / range;
  enlarge(std::span<const double>(mask), 1, std::span(enlarged));
  for (std::size_t i = 0; i < masked.size(); ++i)
    masked[i] = static_cast<T>(static_cast<double>(input[i]) *
                               enlarged[i / static_cast<std::size_t>(image.channels)]);
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
