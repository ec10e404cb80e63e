// SPDX-License-Identifier: MIT
#include "laws/graph_laws.hpp"

namespace salient {
namespace {

TEST(random_graphs, obey_the_laws_9_to_16) {
  laws::random_graph_laws(std::integer_sequence<std::uint64_t, 9, 10, 11, 12, 13, 14, 15, 16>{});
}

}  // namespace
}  // namespace salient
