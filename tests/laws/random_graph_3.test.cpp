// SPDX-License-Identifier: MIT
#include "laws/graph_laws.hpp"

namespace salient {
namespace {

TEST(random_graphs, obey_the_laws_17_to_24) {
  laws::random_graph_laws(std::integer_sequence<std::uint64_t, 17, 18, 19, 20, 21, 22, 23, 24>{});
}

}  // namespace
}  // namespace salient
