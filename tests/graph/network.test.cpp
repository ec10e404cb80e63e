// SPDX-License-Identifier: MIT
#include "salient/graph/network.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <boost/hana.hpp>
#include <gtest/gtest.h>

#include "laws/networks.hpp"
#include "salient/layer/batch_norm.hpp"
#include "salient/layer/dropout.hpp"

namespace salient {
namespace {

namespace hana = boost::hana;

using digit_cnn = network<input<28, 28, 1>, conv2d<16, 3>, relu, named<"features", conv2d<32, 3>>, relu,
                          flatten, dense<10>>;

static_assert(digit_cnn::size == 6);
static_assert(digit_cnn::input_shape == shape{28, 28, 1} && digit_cnn::output_shape == shape{1, 1, 10});
static_assert(digit_cnn::extent(1) == shape{26, 26, 16} && digit_cnn::extent(2) == shape{26, 26, 16});
static_assert(digit_cnn::extent(3) == shape{24, 24, 32} && digit_cnn::extent(5) == shape{1, 1, 24 * 24 * 32});
static_assert(digit_cnn::parameters == 9 * 16 + 16 + 9 * 16 * 32 + 32 + 24 * 24 * 32 * 10 + 10);
static_assert(digit_cnn::find("features") == 3 && digit_cnn::find("head") == -1 && digit_cnn::find("") == -1);
static_assert(digit_cnn::find("0") == 1 && digit_cnn::find("3") == 4 && digit_cnn::find("2") == -1);
static_assert(digit_cnn::find("input") == 0);
static_assert(digit_cnn::scores == 6 && digit_cnn::classes == 10);

// An input may declare its preprocessing; without one, pixels are used as they are.
constexpr preprocessing normalised{.mean = {0.485, 0.456, 0.406}, .deviation = {0.229, 0.224, 0.225}};
using in_colour = network<input<8, 8, 3, normalised>, flatten, dense<2>>;
static_assert(in_colour::input_preprocessing == normalised && in_colour::input_shape == shape{8, 8, 3});
static_assert(digit_cnn::input_preprocessing == preprocessing{});
static_assert(std::is_same_v<input<8, 8, 3>, input<8, 8, 3, preprocessing{}>>);
static_assert(!std::is_same_v<input<8, 8, 3>, in_colour::input_type>);

// The scores of a network that ends in softmax are the inputs of the softmax.
static_assert(laws::convolutional::scores == laws::convolutional::size - 1);
static_assert(laws::pooled_head::classes == 4);

// Non-square images, rectangular windows, several channels.
static_assert(network<input<7, 30, 3>, conv2d<2, size{3, 8}>, max_pool<size{1, 5}>>::output_shape ==
              shape{5, 4, 2});

// A network that is no classifier has scores too: all elements of its output.
static_assert(network<input<7, 9, 3>, relu>::classes == 7 * 9 * 3);

// A network and its Hana list of layers convert to each other.
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
  static_assert(smooth::graph.facts(1).name == "avg_pool" &&
                laws::pooling::graph.facts(1).name == "max_pool");
}

TEST(network, layers_can_be_removed_and_counted_with_hana) {
  constexpr auto rectifier = hana::equal.to(hana::type_c<relu>);
  constexpr auto straight = hana::remove_if(digit_cnn::layers, rectifier);
  using linear = network_of<digit_cnn::input_type, decltype(straight)>;
  static_assert(linear::size == 4 && linear::output_shape == digit_cnn::output_shape);
  static_assert(linear::find("features") == 2);
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
using wide = conv2d<4 + I % 2, 3, with{.padding = padding::same}>;
template <std::size_t... I>
auto deep(std::index_sequence<I...>) -> network<input<16, 16>, wide<static_cast<int>(I)>...>;

TEST(network, may_be_deep) {
  using hundreds = decltype(deep(std::make_index_sequence<300>()));
  static_assert(hundreds::size == 300 && hundreds::output_shape == shape{16, 16, 5});
  static_assert(round_trips<hundreds>);
}

template <int F, int Stride = 1, class Shortcut = identity>
using basic_block = sequence<
    sum<sequence<named<"conv1", conv2d<F, 3, with{.stride = Stride, .padding = 1, .bias = false}>>,
                 named<"bn1", batch_norm<>>, relu,
                 named<"conv2", conv2d<F, 3, with{.padding = 1, .bias = false}>>, named<"bn2", batch_norm<>>>,
        Shortcut>,
    relu>;
template <int F, int Stride>
using projection =
    named<"downsample", sequence<conv2d<F, 1, with{.stride = Stride, .bias = false}>, batch_norm<>>>;
struct residual : network<input<32, 32, 3>, named<"conv1", conv2d<4, 3, with{.padding = 1}>>,
                          named<"layer1", sequence<basic_block<4>, basic_block<4>>>,
                          named<"layer2", sequence<basic_block<8, 2, projection<8, 2>>, basic_block<8>>>,
                          global_avg_pool, flatten, dropout, named<"fc", dense<10>>> {};

std::vector<std::string> names_of(const parameter_table& t) {
  std::vector<std::string> names;
  for (const parameter_place& p : t.places)
    for (std::size_t k = 0; k < p.list.count; ++k) names.push_back(parameter_name(t.graph, p, k));
  return names;
}

TEST(network, names_are_module_paths) {
  const std::vector<std::string> names = names_of(residual::parameter_table);
  const std::vector<std::string> first{"conv1.weight",
                                       "conv1.bias",
                                       "layer1.0.conv1.weight",
                                       "layer1.0.bn1.weight",
                                       "layer1.0.bn1.bias",
                                       "layer1.0.bn1.running_mean",
                                       "layer1.0.bn1.running_var",
                                       "layer1.0.conv2.weight"};
  EXPECT_TRUE(std::ranges::equal(std::span(names).first(first.size()), first));
  for (const char* name :
       {"layer2.0.downsample.0.weight", "layer2.0.downsample.1.running_var", "layer2.1.bn2.bias", "fc.bias"})
    EXPECT_EQ(std::ranges::count(names, name), 1) << name;

  // The name of a block denotes its output.
  static_assert(residual::extent(residual::find("layer1")) == shape{32, 32, 4});
  static_assert(residual::find("layer2") == residual::find("layer2.1"));
  static_assert(residual::extent(residual::find("layer2.0.conv1")) == shape{16, 16, 8});
  static_assert(residual::find("layer3") == -1);
  // A dropout is no layer, but has an index.
  using dropping = network<input<1, 1, 4>, dense<4>, dropout, dense<2>>;
  EXPECT_EQ(names_of(dropping::parameter_table)[2], "2.weight");
}

TEST(network, what_is_not_named_in_a_join_is_numbered) {
  using net = network<input<4, 4, 2>, sum<sequence<conv2d<2, 1>, relu, conv2d<2, 1>>, conv2d<2, 1>>,
                      sum<conv2d<2, 1>, identity>>;
  const std::vector<std::string> expected{"0.0.0.weight", "0.0.0.bias", "0.0.2.weight", "0.0.2.bias",
                                          "0.1.weight",   "0.1.bias",   "1.0.weight",   "1.0.bias"};
  EXPECT_EQ(names_of(net::parameter_table), expected);
}

TEST(network, a_branch_may_start_anywhere_before) {
  using net =
      network<input<4, 4, 2>, named<"a", conv2d<3, 1>>, relu, named<"b", sequence<named<"c", relu>, relu>>,
              sum<identity, from<"a">, from<"b.c">>, concat<from<"input">, identity>>;
  static_assert(net::size == 7 && net::output_shape == shape{4, 4, 5});
  static_assert(net::graph.inputs(4)[1] == 1 && net::graph.inputs(5)[1] == 3 && net::graph.inputs(6)[0] == 0);
  // A name in the same module takes precedence.
  using twice = sequence<named<"x", conv2d<3, 1>>, relu, sum<identity, from<"x">>>;
  using nested = network<input<4, 4, 3>, twice, twice>;
  static_assert(nested::graph.inputs(2)[1] == 1 && nested::graph.inputs(5)[1] == 4);
}

TEST(network, knows_what_every_path_crosses) {
  constexpr int block = residual::find("layer1.0");
  static_assert(residual::every_path_crosses(0) && residual::every_path_crosses(block));
  static_assert(!residual::every_path_crosses(residual::find("layer1.0.conv1")));
  static_assert(residual::every_path_crosses(residual::scores));
  static_assert(residual::linear_until == 1);
  using straight = sequence<conv2d<3, 1>, batch_norm<>>;
  using linear = network<input<4, 4, 2>, sum<conv2d<3, 1>, straight>, relu>;
  static_assert(linear::linear_until == 4);
}

TEST(network, layers_without_weights_pack_none) {
  const layer_facts facts = facts_of<relu>();
  EXPECT_EQ(facts.packed({5, 9, 1}), 0);
}

TEST(network, the_first_misfit_ends_inference) {
  constexpr auto found = detail::lay_out<sequence<conv2d<2, 3>, max_pool<4>, dense<5>>>({5, 9, 1});
  EXPECT_EQ(found.misfit, 1);
  EXPECT_TRUE((found.rows[0].out == shape{3, 7, 2} && found.rows[1].out == shape{}));
}

TEST(network, misfit_message_names_the_layer_what_it_needs_and_what_it_got) {
  const auto message = []<class L>() {
    static constexpr auto table = detail::lay_out<L>({12, 7, 160});
    return misfit_message(table, table.misfit);
  };
  using block = sequence<named<"layer1", sequence<relu, named<"head", dense<10>>>>>;
  EXPECT_EQ(message.operator()<block>().view(),
            "layer \"layer1.head\" (dense) needs a vector (put a flatten before it), got 12x7x160");
  EXPECT_EQ((message.operator()<sequence<relu, max_pool<20>>>().view()),
            "layer 1 (max_pool) needs an input at least as large as its window, got 12x7x160");
  using branches = sequence<named<"block", sum<conv2d<4, 1>, conv2d<5, 1>>>>;
  EXPECT_EQ(message.operator()<branches>().view(),
            "layer \"block\" (sum) needs branches of one shape, got 12x7x4 and 12x7x5");
}

}  // namespace
}  // namespace salient
