// SPDX-License-Identifier: MIT
#include "salient/layer/repeat.hpp"

#include <type_traits>

#include <gtest/gtest.h>

#include "salient/graph/network.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/named.hpp"
#include "salient/layer/relu.hpp"

namespace salient {
namespace {

template <class A, class B>
constexpr bool same_type = std::is_same_v<A, B>;

static_assert(same_type<repeat<3, relu>, sequence<relu, relu, relu>>);
static_assert(same_type<repeat<2, dense<4>, relu>, sequence<dense<4>, relu, dense<4>, relu>>);
static_assert(same_type<repeat<1, dense<4>, relu>, sequence<dense<4>, relu>>);
static_assert(same_type<repeat<0, relu>, identity> && same_type<repeat<0, dense<4>, relu>, identity>);
static_assert(same_type<repeat<2, sequence<relu>>, sequence<sequence<relu>, sequence<relu>>>, "blocks stay");

static_assert(
    same_type<splice<sequence<relu>, sequence<>, sequence<dense<4>, relu>>, sequence<relu, dense<4>, relu>>);
static_assert(same_type<splice<>, identity> && same_type<splice<sequence<relu>>, sequence<relu>>);
static_assert(same_type<splice<sequence<sequence<relu>>>, sequence<sequence<relu>>>, "one level is opened");

// Spliced children are numbered consecutively.
using spliced = network<input<1, 1, 4>, named<"body", splice<repeat<2, dense<4>, relu>, sequence<dense<3>>>>>;
static_assert(spliced::find("body.2") == 3 && spliced::find("body.4") == 5 && spliced::find("body.5") == -1);
static_assert(spliced::parameters == 2 * (16 + 4) + (12 + 3), "each copy has parameters of its own");

TEST(repeat, names_parameters_of_each_copy) {
  const auto& places = spliced::parameter_layout.places;
  EXPECT_EQ(parameter_name(spliced::graph, places[0], 0), "body.0.weight");
  EXPECT_EQ(parameter_name(spliced::graph, places[2], 1), "body.2.bias");
  EXPECT_EQ(parameter_name(spliced::graph, places[4], 0), "body.4.weight");
}

}  // namespace
}  // namespace salient
