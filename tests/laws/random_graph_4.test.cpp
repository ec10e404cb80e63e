// SPDX-License-Identifier: MIT
#include "laws/graph_laws.hpp"

namespace salient {
namespace {

TEST(random_graphs, obey_the_laws_25_to_32) {
  laws::random_graph_laws(std::integer_sequence<std::uint64_t, 25, 26, 27, 28, 29, 30, 31, 32>{});
}

}  // namespace
}  // namespace salient
