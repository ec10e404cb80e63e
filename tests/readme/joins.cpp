// SPDX-License-Identifier: MIT

// What README.md shows.
// clang-format off
#include <salient/salient.hpp>

using namespace salient;

// [snippet]
template <int Channels, int Squeezed>
using squeeze_excite = product<identity,
    sequence<global_avg_pool, conv2d<Squeezed, 1>, relu, conv2d<Channels, 1>, sigmoid>>;

template <int Growth>
using dense_layer = concat<identity, sequence<batch_norm<>, relu, conv2d<Growth, 3, with{.padding = 1}>>>;

using joined = network<input<32, 32, 3>,
    named<"stem", conv2d<16, 3>>, relu, dense_layer<8>, dense_layer<8>, squeeze_excite<32, 4>,
    concat<identity, from<"stem">>, global_avg_pool, flatten, dense<10>>;
// [/snippet]
static_assert(joined::extent(joined::find("stem")) == shape{30, 30, 16} && joined::classes == 10);
static_assert(applies<methods::cam<>, joined>);

int main() { return 0; }
