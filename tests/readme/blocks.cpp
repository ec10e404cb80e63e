// SPDX-License-Identifier: MIT

// What README.md shows.
// clang-format off
#include <salient/salient.hpp>

using namespace salient;

// [snippet]
template <int Channels, int Stride = 1, class Shortcut = identity>
struct residual : sequence<
    sum<sequence<named<"conv1", conv2d<Channels, 3, with{.stride = Stride, .padding = 1, .bias = false}>>,
                 named<"bn1", batch_norm<>>, relu,
                 named<"conv2", conv2d<Channels, 3, with{.padding = 1, .bias = false}>>,
                 named<"bn2", batch_norm<>>>,
        Shortcut>,
    relu> {};

using halved = named<"downsample", sequence<conv2d<32, 1, with{.stride = 2, .bias = false}>, batch_norm<>>>;

using small_resnet = network<input<32, 32, 3>,
    named<"stem", conv2d<16, 3, with{.padding = 1}>>, relu,
    named<"layer1", repeat<2, residual<16>>>,
    named<"layer2", sequence<residual<32, 2, halved>, residual<32>>>,
    global_avg_pool, flatten, named<"head", dense<10>>>;

static_assert(small_resnet::extent(small_resnet::find("layer2.0.conv1")) == shape{16, 16, 32});
// [/snippet]

int main() { return 0; }
