// SPDX-License-Identifier: MIT
// label: threads

// Several threads explain with one model on one device at once. Each gets the same result as alone.

#include <thread>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

/// Layers large enough for a pool to split.
using net = network<input<26, 24, 3>, conv2d<16, 3>, relu, max_pool<2>, named<"features", conv2d<12, 3>>,
                    relu, global_avg_pool, dense<5>>;

template <class Device>
struct explained {
  const model<net, Device>& m;

  template <class Method>
  std::vector<float> by(const Method& method, unsigned seed) const {
    return std::get<0>(explain(m, random_images(net::input_shape, 2, seed), logit(), method)).map.values;
  }
  /// The request of thread `i`: one of several methods, on its own images.
  std::vector<float> operator()(unsigned i) const {
    switch (i % 6) {
      case 0:
        return by(methods::gradients{}, i);
      case 1:
        return by(methods::integrated_gradients{.steps = 5}, i);
      case 2:
        return by(methods::deconvolution<>{}, i);
      case 3:
        return by(methods::cam<>{}, i);
      case 4:
        return by(methods::guided_grad_cam<>{}, i);
      default:
        return by(methods::grad_cam<"features">{}, i);
    }
  }
};

template <class Device>
void is_shared(const Device& device) {
  const auto m = random_model<net>(device);
  const explained<Device> explained{m};
  constexpr unsigned count = 9;
  std::vector<std::vector<float>> alone(count), together(count);
  for (unsigned i = 0; i < count; ++i) alone[i] = explained(i);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      for (int turn = 0; turn < 3; ++turn) together[i] = explained(i);
    });
  for (std::thread& t : threads) t.join();
  for (unsigned i = 0; i < count; ++i) EXPECT_EQ(together[i], alone[i]) << "thread " << i;
}

TEST(shared_model, on_the_threads_themselves) { is_shared(cpu{}); }
TEST(shared_model, on_one_pool) { is_shared(cpu_pool(3)); }

}  // namespace
}  // namespace salient
