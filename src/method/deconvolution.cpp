// SPDX-License-Identifier: MIT
#include "salient/method/deconvolution.hpp"

#include <string>

#include "salient/core/error.hpp"

namespace salient::methods::detail {

void check_units(int map, bool strongest, int maps) {
  if (maps == 0 && (map != -1 || strongest))
    throw error("deconvolution: a feature map needs a layer; name one");
  if (maps == 0) return;
  if (map < -1 || map >= maps)
    throw error("deconvolution: feature map " + std::to_string(map) +
                " is out of range: the layer has maps 0 to " + std::to_string(maps - 1));
  if (strongest && map < 0) throw error("deconvolution: `strongest` needs a feature map; set `map`");
}

template <class T>
void keep_units(basic_tensor<T>& activations, int map, bool strongest) {
  const int maps = activations.extent.channels;
  check_units(map, strongest, maps);
  if (map < 0) return;
  for (long n = 0; n < activations.batch; ++n) {
    const auto image = activations.image(n);
    std::size_t best = static_cast<std::size_t>(map);
    for (std::size_t i = best; i < image.size(); i += static_cast<std::size_t>(maps))
      if (image[i] > image[best]) best = i;
    for (std::size_t i = 0; i < image.size(); ++i) {
      const bool own = static_cast<int>(i % static_cast<std::size_t>(maps)) == map;
      if (!own || (strongest && i != best)) image[i] = 0;
    }
  }
}

template void keep_units(basic_tensor<float>&, int, bool);
template void keep_units(basic_tensor<double>&, int, bool);

}  // namespace salient::methods::detail
