// SPDX-License-Identifier: MIT

// What README.md shows.
// clang-format off
#include <salient/networks/resnet.hpp>
#include <salient/salient.hpp>

using namespace salient;

// [snippet]
#include <salient/graph/transform.hpp>

constexpr auto smooth = [](auto layer) {              // boost::hana::type_c<relu>, and so on
  if constexpr (layer == boost::hana::type_c<relu>) return boost::hana::type_c<gelu>;
  else return layer;
};
using smooth_resnet = transform_layers<networks::resnet18, smooth>;
// [/snippet]
static_assert(smooth_resnet::parameters == networks::resnet18::parameters);
static_assert(!applies<methods::exact_integrated_gradients, smooth_resnet>);

int main() { return 0; }
