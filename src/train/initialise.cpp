// SPDX-License-Identifier: MIT
#include "salient/train/initialise.hpp"

#include <cmath>

#include "salient/train/random.hpp"

namespace salient {

state_dict random_parameters(std::span<const parameter_place> places, std::uint64_t seed) {
  long elements = 0;
  for (const parameter_place& p : places) elements = p.bias + aligned(p.shapes.biases());
  state_dict tensors = parameters_to(std::vector<float>(static_cast<std::size_t>(elements)), places);
  random generator(seed);
  double bound = 0;
  for (named_tensor& t : tensors) {
    if (t.dimensions.size() > 1)  // weights; their bias, if there is one, follows
      bound = std::sqrt(static_cast<double>(t.dimensions[0]) / static_cast<double>(t.values.size()));
    for (float& v : t.values) v = static_cast<float>(bound * (2 * generator.uniform() - 1));
  }
  return tensors;
}

}  // namespace salient
