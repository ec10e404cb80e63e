// SPDX-License-Identifier: MIT
#include "salient/train/initialise.hpp"

#include <cmath>

#include "salient/train/random.hpp"

namespace salient {

state_dict random_parameters(const parameter_table& table, std::uint64_t seed) {
  state_dict tensors = parameters_to(std::vector<float>(static_cast<std::size_t>(table.elements)), table);
  random generator(seed);
  auto t = tensors.begin();
  for (const parameter_place& p : table.places) {
    double bound = 0;
    for (const parameter_tensor& facts : p.list.all()) {
      if (facts.rank > 1)  // a weight tensor; its bias, if any, follows
        bound = std::sqrt(static_cast<double>(facts.filters) / static_cast<double>(facts.elements()));
      for (float& v : t->values)
        v = facts.drawn ? static_cast<float>(bound * (2 * generator.uniform() - 1)) : facts.initial;
      ++t;
    }
  }
  return tensors;
}

}  // namespace salient
