// SPDX-License-Identifier: MIT
#include "laws/graph_laws.hpp"

namespace salient {
namespace {

TEST(random_graphs, obey_the_laws_1_to_8) {
  laws::random_graph_laws(std::integer_sequence<std::uint64_t, 1, 2, 3, 4, 5, 6, 7, 8>{});
}

}  // namespace
}  // namespace salient
