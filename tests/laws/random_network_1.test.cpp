// SPDX-License-Identifier: MIT
// label: threads
#include "laws/network_laws.hpp"

TEST_ON_EVERY_DEVICE(random_networks, from_1_to_8) { salient::laws::random_network_laws<1, 8>(); }

TEST(random_networks, have_layers_of_every_kind_often) {
  using salient::laws::kind;
  for (const kind wanted : {kind::convolution, kind::rectifier, kind::max, kind::average, kind::global,
                            kind::flat, kind::affine, kind::soft}) {
    int networks = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      const auto recipe = salient::laws::draw(seed);
      networks += std::ranges::any_of(recipe.layers.begin(), recipe.layers.begin() + recipe.count,
                                      [&](const auto& layer) { return layer.what == wanted; });
    }
    EXPECT_GE(networks, 8) << "kind " << static_cast<int>(wanted);
  }
}
