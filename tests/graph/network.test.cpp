// SPDX-License-Identifier: MIT
#include "salient/graph/network.hpp"

#include <array>
#include <type_traits>

#include <boost/hana.hpp>
#include <gtest/gtest.h>

#include "laws/networks.hpp"

namespace salient {
namespace {

namespace hana = boost::hana;

using digit_cnn = network<input<28, 28, 1>, conv2d<16, 3>, relu, named<"features", conv2d<32, 3>>, relu,
                          flatten, dense<10>>;

static_assert(digit_cnn::size == 6);
static_assert(digit_cnn::input_shape == shape{28, 28, 1} && digit_cnn::output_shape == shape{1, 1, 10});
static_assert(digit_cnn::shapes[1] == shape{26, 26, 16} && digit_cnn::shapes[2] == shape{26, 26, 16});
static_assert(digit_cnn::shapes[3] == shape{24, 24, 32} && digit_cnn::shapes[5] == shape{1, 1, 24 * 24 * 32});
static_assert(digit_cnn::parameters == 9 * 16 + 16 + 9 * 16 * 32 + 32 + 24 * 24 * 32 * 10 + 10);
static_assert(digit_cnn::find("features") == 2 && digit_cnn::find("head") == -1 && digit_cnn::find("") == -1);
static_assert(digit_cnn::scores == 6 && digit_cnn::classes == 10);

// An input says how it is made from pixels; by default it is the pixels.
constexpr preprocessing normalised{.mean = {0.485, 0.456, 0.406}, .deviation = {0.229, 0.224, 0.225}};
using in_colour = network<input<8, 8, 3, normalised>, flatten, dense<2>>;
static_assert(in_colour::input_preprocessing == normalised && in_colour::input_shape == shape{8, 8, 3});
static_assert(digit_cnn::input_preprocessing == preprocessing{});
static_assert(std::is_same_v<input<8, 8, 3>, input<8, 8, 3, preprocessing{}>>);
static_assert(!std::is_same_v<input<8, 8, 3>, in_colour::input_type>);

// The scores of a network that ends in softmax are what goes into it.
static_assert(laws::convolutional::scores == laws::convolutional::size - 1);
static_assert(laws::pooled_head::classes == 4);

// Non-square images, rectangular windows, several channels.
static_assert(network<input<7, 30, 3>, conv2d<2, size{3, 8}>, max_pool<size{1, 5}>>::output_shape ==
              shape{5, 4, 2});

// What is no classifier has scores too: the elements of its output.
static_assert(network<input<7, 9, 3>, relu>::classes == 7 * 9 * 3);

// A network and its Hana list are two spellings of one thing.
template <class Network>
constexpr bool round_trips =
    std::is_same_v<network_of<typename Network::input_type, std::remove_cv_t<decltype(Network::layers)>>,
                   Network> &&
    std::is_same_v<network_of<typename Network::input_type, decltype(Network::layers)>, Network>;
static_assert(round_trips<digit_cnn> && round_trips<laws::pooling> && round_trips<laws::single>);

TEST(network, layers_can_be_replaced_with_hana) {
  constexpr auto smoothed =
      hana::replace(laws::pooling::layers, hana::type_c<max_pool<2>>, hana::type_c<avg_pool<2>>);
  using smooth = network_of<laws::pooling::input_type, decltype(smoothed)>;
  static_assert(smooth::size == laws::pooling::size && smooth::output_shape == laws::pooling::output_shape);
  static_assert(smooth::facts[1].name == "avg_pool" && laws::pooling::facts[1].name == "max_pool");
}

TEST(network, layers_can_be_removed_and_counted_with_hana) {
  constexpr auto rectifier = hana::equal.to(hana::type_c<relu>);
  constexpr auto straight = hana::remove_if(digit_cnn::layers, rectifier);
  using linear = network_of<digit_cnn::input_type, decltype(straight)>;
  static_assert(linear::size == 4 && linear::output_shape == digit_cnn::output_shape);
  static_assert(linear::find("features") == 1);
  static_assert(hana::count_if(digit_cnn::layers, rectifier) == hana::size_c<2>);
  static_assert(hana::find_if(digit_cnn::layers, rectifier) == hana::just(hana::type_c<relu>));
}

TEST(network, widths_can_be_swept_with_hana) {
  constexpr auto sizes = hana::transform(hana::tuple_c<int, 4, 8, 16>, [](auto width) {
    constexpr int filters = decltype(width)::value;
    constexpr auto list = hana::tuple_t<conv2d<filters, 3>, relu, flatten, dense<10>>;
    return hana::type_c<network_of<input<8, 6>, decltype(list)>>;
  });
  long parameters[3], at = 0;
  hana::for_each(sizes, [&](auto type) { parameters[at++] = decltype(type)::type::parameters; });
  for (int i = 0; i < 3; ++i) {
    const long filters = 4L << i;
    EXPECT_EQ(parameters[i], 10 * filters + 24 * filters * 10 + 10);
  }
}

template <int I>
using wide = conv2d<4 + I % 2, 3, 1, same>;
template <std::size_t... I>
auto deep(std::index_sequence<I...>) -> network<input<16, 16>, wide<static_cast<int>(I)>...>;

TEST(network, may_be_deep) {
  using hundreds = decltype(deep(std::make_index_sequence<300>()));
  static_assert(hundreds::size == 300 && hundreds::output_shape == shape{16, 16, 5});
  static_assert(round_trips<hundreds>);
}

TEST(network, layers_without_weights_pack_none) {
  const layer_facts facts = facts_of<relu>();
  EXPECT_EQ(facts.packed({5, 9, 1}), 0);
}

TEST(network, the_first_misfit_ends_inference) {
  const std::array layers{facts_of<conv2d<2, 3>>(), facts_of<max_pool<4>>(), facts_of<dense<5>>()};
  const auto found = infer({5, 9, 1}, layers);
  EXPECT_EQ(found.misfit, 1);
  EXPECT_TRUE((found.shapes[1] == shape{3, 7, 2} && found.shapes[2] == shape{}));
}

TEST(network, misfit_message_names_the_layer_what_it_needs_and_what_it_got) {
  constexpr auto facts = facts_of<named<"head", dense<10>>>();
  constexpr text message = misfit_message(4, facts, {12, 7, 160});
  EXPECT_EQ(message.view(),
            "layer 4 (dense \"head\") needs a vector (put a flatten before it), got 12x7x160");
}

}  // namespace
}  // namespace salient
