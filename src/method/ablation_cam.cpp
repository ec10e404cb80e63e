// SPDX-License-Identifier: MIT
#include "salient/method/ablation_cam.hpp"

#include <cstddef>
#include <string>

#include "salient/core/error.hpp"

namespace salient::methods::detail {

void check_crossed(bool crossed, int layer) {
  if (!crossed)
    throw error("ablation_cam: activation " + std::to_string(layer) +
                " lies in a branch, but the network runs from it on alone, so that every path from the input "
                "to the scores must cross it; choose a layer where the branches have met");
}

void check_ablated_value(double value, long n) {
  if (value == 0)
    throw error("ablation_cam: the value of image " + std::to_string(n) +
                " is 0, of which a feature map has no share; ask for another class or target");
}

template <class T>
std::vector<int> channels_not_zero(std::span<const T> maps, int channels) {
  std::vector<int> found;
  found.reserve(static_cast<std::size_t>(channels));
  for (int k = 0; k < channels; ++k)
    for (auto i = static_cast<std::size_t>(k); i < maps.size(); i += static_cast<std::size_t>(channels))
      if (maps[i] != 0) {
        found.push_back(k);
        break;
      }
  return found;
}

template <class T>
void without_channel(std::span<const T> maps, int channels, int channel, std::span<T> copy) {
  std::copy(maps.begin(), maps.end(), copy.begin());
  for (auto i = static_cast<std::size_t>(channel); i < copy.size(); i += static_cast<std::size_t>(channels))
    copy[i] = 0;
}

template std::vector<int> channels_not_zero(std::span<const float>, int);
template std::vector<int> channels_not_zero(std::span<const double>, int);
template void without_channel(std::span<const float>, int, int, std::span<float>);
template void without_channel(std::span<const double>, int, int, std::span<double>);

}  // namespace salient::methods::detail
