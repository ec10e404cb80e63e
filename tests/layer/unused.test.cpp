// SPDX-License-Identifier: MIT
#include "salient/layer/unused.hpp"

#include <gtest/gtest.h>

#include "salient/core/error.hpp"
#include "salient/graph/network.hpp"
#include "salient/layer/block.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/named.hpp"
#include "salient/layer/relu.hpp"

namespace salient {
namespace {

using plain = network<input<1, 1, 4>, dense<4>, relu, dense<3>>;
using with_head =
    network<input<1, 1, 4>, dense<4>, named<"auxiliary", unused>, relu, sequence<unused, dense<3>>>;

// An unused module is no row and has no parameters, but takes an index in its sequence.
static_assert(with_head::size == plain::size && with_head::parameters == plain::parameters);
static_assert(with_head::extent(with_head::output) == plain::extent(plain::output));
static_assert(with_head::find("2") == 2 && with_head::find("3.1") == 3);

// It has no output, so methods cannot look at it.
static_assert(with_head::find("auxiliary") == -1 && with_head::find("3.0") == -1);

TEST(unused, marks_the_modules_whose_tensors_are_passed_over) {
  std::string marked;
  for (std::size_t m = 0; m < with_head::graph.modules.size(); ++m)
    if (with_head::graph.modules[m].unused) marked += path_of(with_head::graph, static_cast<int>(m)) + " ";
  EXPECT_EQ(marked, "auxiliary 3.0 ");
  for (const graph_module& m : plain::graph.modules) EXPECT_FALSE(m.unused);
}

TEST(unused, has_its_tensors_passed_over) {
  const state_dict used{{"0.weight", {4, 4}, std::vector<float>(16, 1)},
                        {"0.bias", {4}, std::vector<float>(4, 2)},
                        {"3.1.weight", {3, 4}, std::vector<float>(12, 3)},
                        {"3.1.bias", {3}, std::vector<float>(3, 4)}};
  const auto loaded = [](const state_dict& tensors) {
    std::vector<float> all;
    parameters_from(stream_of(tensors), with_head::parameter_table,
                    [&](const parameter_part&, std::span<const float> values) {
                      all.insert(all.end(), values.begin(), values.end());
                    });
    return all;
  };
  state_dict more = used;
  more.insert(more.begin(), {"auxiliary.conv.weight", {300, 400}, std::vector<float>(120'000, 5)});
  more.insert(more.begin() + 3, {"3.0.scale", {}, {6}});
  more.push_back({"auxiliary.fc.bias", {2}, {7, 8}});
  EXPECT_EQ(loaded(more), loaded(used));

  more.push_back({"auxiliary2.fc.bias", {2}, {7, 8}});
  EXPECT_THROW(loaded(more), error);
}

}  // namespace
}  // namespace salient
