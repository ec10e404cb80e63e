// SPDX-License-Identifier: MIT
#include "salient/graph/plan.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "laws/networks.hpp"
#include "laws/random_graph.hpp"
#include "laws/rehearsal.hpp"

namespace salient {
namespace {

/// Activation number Part / Parts of the way through a network.
template <class Network, int Part, int Parts>
inline constexpr int spread = 1 + (Network::size - 1) * Part / Parts;

template <class Network>
void every_pass() {
  laws::rehearsal<Network, pass::forward>().play();
  laws::rehearsal<Network, pass::saliency<>>().play();
  laws::rehearsal<Network, pass_with<0, spread<Network, 1, 2>>>().play();
  laws::rehearsal<Network, pass_with<spread<Network, 1, 5>, spread<Network, 3, 5>>>().play();
  laws::rehearsal<Network, pass_with<spread<Network, 2, 7>, spread<Network, 3, 7>, spread<Network, 4, 7>>>()
      .play();
  laws::rehearsal<Network, pass::path>().play();
  laws::rehearsal<Network, pass::biases>().play();
}

TEST(plan, nothing_alive_is_overwritten_in_chains) {
  laws::for_each_network([]<class Network>() { every_pass<Network>(); });
}

template <std::uint64_t First, std::uint64_t... Seeds>
void in_random_graphs(std::integer_sequence<std::uint64_t, Seeds...>) {
  const auto play = []<std::uint64_t Seed>() {
    SCOPED_TRACE("seed " + std::to_string(Seed) + ": " + laws::describe<laws::random_graph<Seed>>());
    every_pass<laws::random_graph<Seed>>();
  };
  (play.template operator()<First + Seeds>(), ...);
}
TEST(plan, nothing_alive_is_overwritten_in_random_graphs) {
  in_random_graphs<1>(std::make_integer_sequence<std::uint64_t, 24>{});
}

template <class Network>
constexpr bool grows_with_the_pass() {
  const std::size_t forward = Network::template memory<pass::forward>(1),
                    saliency = Network::template memory<pass::saliency<>>(1),
                    training = Network::template memory<pass::training>(1);
  return 0 < forward && forward <= saliency && saliency <= training;
}
static_assert(grows_with_the_pass<laws::perceptron>() && grows_with_the_pass<laws::convolutional>() &&
              grows_with_the_pass<laws::pooling>() && grows_with_the_pass<laws::pooled_head>() &&
              grows_with_the_pass<laws::sharing>() && grows_with_the_pass<laws::between>() &&
              grows_with_the_pass<laws::linear>() && grows_with_the_pass<laws::single>());

TEST(plan, grows_linearly_with_the_batch_but_for_bounded_scratch) {
  laws::for_each_network([]<class Network>() {
    const auto& p = Network::template plan<pass::training>;
    const auto training = pass::facts_of<pass::training>();
    for (const long batch : {1L, 2L, 7L, 64L}) {
      const auto total = static_cast<long>(Network::template memory<pass::training>(batch));
      const long scratch = scratch_elements(Network::graph, training, batch);
      EXPECT_EQ(total, batch * p.bytes + plan_detail::aligned_bytes(4 * (scratch + p.all_statistics)));
      EXPECT_LE(scratch, batch * scratch_elements(Network::graph, training, 1));
    }
  });
}

TEST(plan, a_deep_network_forgets_what_no_pass_needs) {
  // Five layers whose activations need not be kept alternate between two buffers.
  using wide = conv2d<4, 3, with{.padding = padding::same}>;
  using chain = network<input<8, 8, 4>, wide, wide, wide, wide, wide>;
  constexpr long map = 4 * 256;
  static_assert(chain::plan<pass::forward>.bytes == 3 * map);     // the output and two ping-pong buffers
  static_assert(chain::plan<pass::saliency<>>.bytes == 3 * map);  // linear: backward needs nothing else
  static_assert(chain::plan<pass::training>.bytes == 8 * map);    // also every convolution's input
}

TEST(plan, branches_of_a_concat_write_their_slices) {
  using fire = network<input<6, 6, 4>,
                       concat<sequence<conv2d<8, 1>, relu>, sequence<conv2d<8, 3, with{.padding = 1}>, relu>>,
                       global_avg_pool, dense<3>>;
  constexpr auto& p = fire::plan<pass::saliency<>>;
  static_assert(p.activations[2].bytes == p.activations[5].bytes && p.activations[2].pitch == 16);
  static_assert(p.activations[4].bytes == p.activations[5].bytes && p.activations[4].channel == 8);
}

TEST(plan, a_residual_block_takes_no_pass_of_its_own) {
  using conv = conv2d<8, 3, with{.padding = 1, .bias = false}>;
  using block = sequence<sum<sequence<conv, batch_norm<>, relu, conv, batch_norm<>>, identity>, relu>;
  using net = network<input<6, 6, 8>, block, block, global_avg_pool, dense<3>>;
  constexpr auto& p = net::plan<pass::saliency<>>;
  // Fused kernels conv+bn+relu and conv+bn+sum+relu, twice: four kernels compute fourteen rows.
  static_assert(p.absorbs[0] == 2 && p.absorbs[3] == 3 && p.absorbs[7] == 2 && p.absorbs[10] == 3);
  static_assert(p.rescaled[1] && p.rescaled[4] && p.rescaled[8] && p.rescaled[11]);
  // In the backward pass, both branches of the second block read the sum's signal in place.
  static_assert(p.shares_signal[7] == 12 && p.signals[7].bytes == p.signals[13].bytes);
}

TEST(plan, a_pass_that_keeps_the_biases_signals_fuses_the_same_rows) {
  using conv = conv2d<8, 3, with{.padding = 1, .bias = false}>;
  using block = sequence<sum<sequence<conv, batch_norm<>, relu, conv, batch_norm<>>, identity>, relu>;
  using net = network<input<6, 6, 8>, block, block, global_avg_pool, dense<3>>;
  constexpr auto &p = net::plan<pass::saliency<>>, &q = net::plan<pass::biases>;
  static_assert(p.absorbs == q.absorbs && p.rescaled == q.rescaled && p.chain == q.chain);
  // Eight values for each of 36 positions: what four batch norms' signals take more than before, at most.
  static_assert(p.bytes < q.bytes && q.bytes <= p.bytes + 4 * 8 * 36 * 4);
  // With a bias, a convolution is no longer one adjoint with the batch norm behind it.
  using biased = network<input<6, 6, 8>, conv2d<8, 3>, batch_norm<>, relu, global_avg_pool, dense<3>>;
  constexpr auto &b = biased::plan<pass::saliency<>>, &c = biased::plan<pass::biases>;
  static_assert(b.absorbs == c.absorbs && b.rescaled[1] && !c.rescaled[1] && c.signals[1].bytes >= 0);
}

// tests/networks has the memory of real networks.

}  // namespace
}  // namespace salient
