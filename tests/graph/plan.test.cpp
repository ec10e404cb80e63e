// SPDX-License-Identifier: MIT
#include "salient/graph/plan.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "laws/networks.hpp"
#include "salient/graph/pass.hpp"

namespace salient {
namespace {

/// Plays a pass over a plan, in tokens instead of numbers: each element of the workspace holds the name of
/// the value that was last written to it.
template <class Pass, std::size_t N>
class rehearsal {
 public:
  rehearsal(const std::array<layer_facts, N>& layers, const std::array<shape, N + 1>& shapes, int scores)
      : layers_(layers),
        shapes_(shapes),
        scores_(scores),
        plan_(make_plan<Pass>(layers, shapes, scores)),
        memory_(static_cast<std::size_t>(plan_.elements)) {
    // What reshapes holds the same value under two numbers.
    for (std::size_t i = 0; i <= N; ++i)
      value_[i] = i > 0 && layers[i - 1].reshapes ? value_[i - 1] : "activation " + std::to_string(i);
  }

  void play() {
    write(0, plan_.activation[0], value_[0]);
    forward(0);
    expect_kept();
    for (const int tap : Pass::taps) forward(static_cast<std::size_t>(tap));  // taps can be started from
    expect_kept();
    if (Pass::backward)
      for (std::size_t from = N + 1; from-- > 0;) {
        backward(from);
        expect_kept();  // so that another backward pass can follow
      }
    expect_apart(&retention::switches, plan_.switches, plan_.switch_elements);
    expect_apart(&retention::signs, plan_.signs, plan_.sign_elements);
  }

 private:
  void forward(std::size_t from) {
    for (std::size_t i = from; i < N; ++i) {
      expect(i, plan_.activation[i], value_[i], "input of layer");
      const bool may_share = layers_[i].reshapes || (Pass::in_place && layers_[i].in_place);
      if (!may_share) expect_apart(i, plan_.activation[i], plan_.activation[i + 1]);
      write(i + 1, plan_.activation[i + 1], value_[i + 1]);
    }
  }

  void backward(std::size_t from) {
    write(from, plan_.signal[from], signal(from));
    for (std::size_t i = from; i-- > 0;) {
      expect(i + 1, plan_.signal[i + 1], signal(i + 1), "signal of layer");
      if (layers_[i].retains.output)
        expect(i + 1, plan_.activation[i + 1], value_[i + 1], "retained by layer");
      if (Pass::parameters && layers_[i].parameters(shapes_[i]).filters > 0)
        expect(i, plan_.activation[i], value_[i], "read for the parameters of layer");
      if (!layers_[i].in_place) expect_apart(i, plan_.signal[i], plan_.signal[i + 1]);
      write(i, plan_.signal[i], signal(i));
    }
  }

  void expect_kept() {
    expect(0, plan_.activation[0], value_[0], "kept");
    expect(N, plan_.activation[N], value_[N], "kept");
    const auto scores = static_cast<std::size_t>(scores_);
    expect(scores, plan_.activation[scores], value_[scores], "kept");
    for (const int tap : Pass::taps) {
      const auto i = static_cast<std::size_t>(tap);
      expect(i, plan_.activation[i], value_[i], "tapped");
    }
  }

  void expect_apart(bool retention::* wanted, const std::array<long, N>& places, long end) {
    long used = 0;
    for (std::size_t i = 0; i < N; ++i) {
      ASSERT_EQ(places[i] >= 0, Pass::records && layers_[i].retains.*wanted);
      if (places[i] < 0) continue;
      ASSERT_GE(places[i], used);
      used = places[i] + shapes_[i + 1].elements();
    }
    ASSERT_LE(used, end);
  }

  void write(std::size_t i, long place, const std::string& value) {
    ASSERT_GE(place, 0);
    ASSERT_LE(place + shapes_[i].elements(), plan_.elements);
    ASSERT_EQ(place * static_cast<long>(sizeof(float)) % static_cast<long>(alignment), 0);
    for (long e = 0; e < shapes_[i].elements(); ++e) memory_[static_cast<std::size_t>(place + e)] = value;
  }
  void expect(std::size_t i, long place, const std::string& value, const char* what) {
    for (long e = 0; e < shapes_[i].elements(); ++e)
      ASSERT_EQ(memory_[static_cast<std::size_t>(place + e)], value) << what << " " << i;
  }
  /// The places of activations (or signals) i and i + 1 have no element in common.
  void expect_apart(std::size_t i, long first, long second) {
    ASSERT_TRUE(first + shapes_[i].elements() <= second || second + shapes_[i + 1].elements() <= first)
        << "layer " << i << " would overwrite its input";
  }
  static std::string signal(std::size_t i) { return "signal " + std::to_string(i); }

  const std::array<layer_facts, N>& layers_;
  const std::array<shape, N + 1>& shapes_;
  int scores_;
  memory_plan<N> plan_;
  std::vector<std::string> memory_;
  std::array<std::string, N + 1> value_;
};

template <std::size_t N>
void every_pass(const std::array<layer_facts, N>& layers, const std::array<shape, N + 1>& shapes,
                int scores) {
  constexpr int last = N, middle = N / 2;
  rehearsal<pass::forward, N>(layers, shapes, scores).play();
  rehearsal<pass::saliency<>, N>(layers, shapes, scores).play();
  rehearsal<pass::saliency<1>, N>(layers, shapes, scores).play();
  rehearsal<pass::saliency<middle, last - 1>, N>(layers, shapes, scores).play();
  rehearsal<pass::training, N>(layers, shapes, scores).play();
  rehearsal<pass::path, N>(layers, shapes, scores).play();
}

TEST(plan, nothing_alive_is_overwritten) {
  laws::for_each_network(
      []<class Network>() { every_pass(Network::facts, Network::inferred.shapes, Network::scores); });
}

TEST(plan, nothing_alive_is_overwritten_in_random_networks) {
  const layer_facts kinds[] = {
      facts_of<conv2d<3, 2>>(), facts_of<conv2d<5, 3, 1, same>>(), facts_of<relu>(),    facts_of<relu>(),
      facts_of<max_pool<2>>(),  facts_of<avg_pool<2, 1>>(),        facts_of<flatten>(), facts_of<flatten>(),
      facts_of<dense<4>>(),     facts_of<global_avg_pool>(),       facts_of<softmax>()};
  std::mt19937 random(5);
  for (int trial = 0; trial < 1000 && !::testing::Test::HasFailure(); ++trial) {
    SCOPED_TRACE("trial " + std::to_string(trial));
    std::array<layer_facts, 7> layers;
    shape at{6, 7, 2};
    for (layer_facts& l : layers) {
      do l = kinds[random() % std::size(kinds)];
      while (!l.accepts(at));
      at = l.output(at);
    }
    const auto shapes = infer({6, 7, 2}, layers).shapes;
    every_pass(layers, shapes, layers.back().role == layer_role::softmax ? 6 : 7);
  }
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
    const long one = 4 * (p.elements + p.switch_elements) + p.sign_elements;
    for (const long batch : {1L, 2L, 7L, 64L}) {
      const auto total = static_cast<long>(Network::template memory<pass::training>(batch));
      const long scratch = scratch_elements<pass::training>(Network::facts, Network::inferred.shapes, batch);
      EXPECT_EQ(total, batch * one + 4 * scratch);
      EXPECT_LE(scratch,
                batch * scratch_elements<pass::training>(Network::facts, Network::inferred.shapes, 1));
    }
  });
}

TEST(plan, a_deep_network_forgets_what_no_pass_needs) {
  // Five layers between which nothing is kept take turns in two places: the largest two, not all.
  using chain = network<input<8, 8, 4>, conv2d<4, 3, 1, same>, conv2d<4, 3, 1, same>, conv2d<4, 3, 1, same>,
                        conv2d<4, 3, 1, same>, conv2d<4, 3, 1, same>>;
  static_assert(chain::plan<pass::forward>.elements == 4 * 256);     // input, output and the two
  static_assert(chain::plan<pass::saliency<>>.elements == 4 * 256);  // linear: backward keeps nothing more
  static_assert(chain::plan<pass::training>.elements == 8 * 256);    // every convolution's input, and the two
}

}  // namespace
}  // namespace salient
