// SPDX-License-Identifier: MIT

// What README.md shows. CTest runs it.
// clang-format off
#include <salient/salient.hpp>

using namespace salient;
using digit_cnn = network<input<28, 28, 1>, conv2d<16, 3>, relu, conv2d<32, 3>, relu, flatten, dense<10>>;

// [snippet]
#include <boost/hana.hpp>

constexpr auto deeper = boost::hana::concat(boost::hana::tuple_t<conv2d<8, 5, with{.padding = padding::same}>, relu>, digit_cnn::layers);
using deeper_cnn = network_of<input<28, 28, 1>, decltype(deeper)>;
static_assert(deeper_cnn::size == 8 && deeper_cnn::extent(2) == shape{28, 28, 8});
// [/snippet]

int main() {}
