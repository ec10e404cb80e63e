// SPDX-License-Identifier: MIT
#include "salient/graph/transform.hpp"

#include <gtest/gtest.h>

#include "laws/method_laws.hpp"
#include "salient/layer/activation.hpp"
#include "salient/layer/batch_norm.hpp"
#include "salient/networks/resnet.hpp"
#include "salient/salient.hpp"

namespace salient {
namespace {

namespace hana = boost::hana;

constexpr auto same = [](auto layer) { return layer; };
constexpr auto smooth = [](auto layer) {
  if constexpr (layer == hana::type_c<relu>)
    return hana::type_c<gelu>;
  else
    return layer;
};

template <class L>
struct widened {
  using type = L;
};
template <int Filters, size Kernel, with Options>
struct widened<conv2d<Filters, Kernel, Options>> {
  using type = conv2d<2 * Filters, Kernel, Options>;
};
constexpr auto twice_as_wide = [](auto layer) {
  return hana::type_c<typename widened<typename decltype(layer)::type>::type>;
};
constexpr auto normalised = [](auto layer) {
  if constexpr (layer == hana::type_c<relu>)
    return hana::type_c<sequence<relu, batch_norm<>>>;
  else
    return layer;
};

struct block
    : sequence<sum<sequence<named<"conv", conv2d<4, 3, with{.padding = 1}>>, relu>, identity>, relu> {};
using small = network<input<6, 6, 4>, named<"first", block>, concat<from<"first.conv">, identity>,
                      named<"head", unused>, flatten, dense<5>>;

static_assert(
    std::is_same_v<
        transform_layers<small, smooth>::structure,
        sequence<named<"first", sequence<sum<sequence<named<"conv", conv2d<4, 3, with{.padding = 1}>>, gelu>,
                                             identity>,
                                         gelu>>,
                 concat<from<"first.conv">, identity>, named<"head", unused>, flatten, dense<5>>>);

TEST(transform_layers, keeps_what_the_function_keeps) {
  using kept = transform_layers<networks::resnet18, same>;
  static_assert(kept::size == networks::resnet18::size && kept::parameters == networks::resnet18::parameters);
  EXPECT_EQ(kept::find("layer4.1.conv2"), networks::resnet18::find("layer4.1.conv2"));
}

TEST(transform_layers, reaches_inside_blocks) {
  using smoothed = transform_layers<networks::resnet50, smooth>;
  int relus = 0, gelus = 0;
  for (int row = 0; row < smoothed::size; ++row) {
    relus += smoothed::graph.facts(row).name == "relu";
    gelus += smoothed::graph.facts(row).name == "gelu";
  }
  EXPECT_EQ(relus, 0);
  EXPECT_EQ(gelus, 49);
  EXPECT_EQ(smoothed::parameters, networks::resnet50::parameters);
}

TEST(transform_layers, may_change_shapes_and_put_several_layers_for_one) {
  using wide = transform_layers<networks::resnet18, twice_as_wide>;
  static_assert(wide::extent(wide::find("layer4")) == shape{7, 7, 1024});
  using longer = transform_layers<small, normalised>;
  static_assert(longer::size == small::size + 2);
}

TEST(transform_layers, makes_networks_that_run) {
  const cpu device;
  using smoothed = transform_layers<small, smooth>;
  const auto model = laws::random_model<smoothed, double>(device);
  const auto images = laws::random_images<double>(small::input_shape, 1);
  const auto map = integrated_gradients(model, images, logit(1), {.steps = 200});
  EXPECT_LT(map.relative_gap(0), 1e-3);
}

}  // namespace
}  // namespace salient
