// SPDX-License-Identifier: MIT
// label: unsanitized
#include <gtest/gtest.h>

#include "laws/allocations.hpp"
#include "laws/networks.hpp"
#include "laws/noise.hpp"
#include "laws/random_model.hpp"
#include "salient/graph/session.hpp"

namespace salient {
namespace {

template <class F>
long allocations_of(const F& f) {
  const long before = laws::allocations;
  f();
  return laws::allocations - before;
}

TEST(allocation, is_counted_whoever_makes_it) {
  EXPECT_EQ(allocations_of([] { ::operator delete(::operator new(100)); }), 1);
  EXPECT_EQ(allocations_of([] { release(cpu{}, allocate(cpu{}, 100)); }), 1);
  void* volatile block = nullptr;
  EXPECT_EQ(allocations_of([&] { block = std::malloc(100); }), 1);
  std::free(block);
}

/// Large enough to be split over a pool: several chunks of patches, every kind of layer, a large dense layer.
using large =
    network<input<56, 60, 3>, conv2d<24, 3, with{.padding = padding::same}>, relu, conv2d<32, 3>, relu,
            max_pool<2>, conv2d<40, 1>, relu, avg_pool<2>, flatten, dense<64>, relu, dense<10>, softmax>;

template <class Network, class Pass, class Device>
void nothing_after_the_first_pass(const Device& device, const preprocessing& images_become = {}) {
  const model<Network, Device> m(device, laws::random_weights<Network>(), images_become);
  session<model<Network, Device>, Pass> s(m, 3);
  const tensor images = laws::random_images(Network::input_shape, 3);
  const auto signal = laws::noise<float>(3 * Network::classes, 1);
  buffer<float, Device> gradients(device, static_cast<std::size_t>(Network::parameter_layout.elements));
  const auto pass = [&] {
    s.forward(images);
    if constexpr (Pass::backward) {
      s.write(s.signal(Network::scores), signal);
      s.template backward<gradient>(Network::scores, 0);
      s.write(s.signal(Network::scores), signal);
      s.template backward<guided>(Network::scores, 0);
      s.write(s.signal(Network::scores), signal);
      s.template backward<deconv>(Network::scores, 0);
    }
    if constexpr (Pass::parameters) {
      s.write(s.signal(Network::scores), signal);
      s.parameter_gradients(Network::scores, gradients.data());
    }
  };
  pass();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(allocations_of(pass), 0) << Device::name << ", pass " << i;
}

template <class Device>
void nothing_in_any_pass(const Device& device) {
  nothing_after_the_first_pass<large, pass::forward>(device);
  nothing_after_the_first_pass<large, pass::saliency<3>>(device);
  nothing_after_the_first_pass<large, pass::training>(device);
  nothing_after_the_first_pass<large, pass::forward>(device, {.mean = .5, .deviation = .5});
  laws::for_each_network([&]<class Network>() {
    nothing_after_the_first_pass<Network, pass::saliency<>>(device);
    nothing_after_the_first_pass<Network, pass::training>(device);
  });
}

TEST(allocation, stops_after_the_first_pass) { nothing_in_any_pass(cpu{}); }

TEST(allocation, stops_after_the_first_pass_on_a_pool) {
  for (const int threads : {1, 2, 5}) {
    SCOPED_TRACE(threads);
    nothing_in_any_pass(cpu_pool(threads));
  }
}

template <class Network, class Pass, class Scalar>
void is_what_memory_says(long batch) {
  const cpu device;
  const auto m = laws::random_model<Network, Scalar>(device);
  const std::size_t before = laws::allocated_bytes;
  const session<model<Network, cpu, Scalar>, Pass> s(m, batch);
  const std::size_t scores = static_cast<std::size_t>(batch * Network::classes) * sizeof(Scalar);
  const std::size_t marks = pass_marks::size(Network::graph.rows.size());  // on the host, for any device
  EXPECT_EQ(laws::allocated_bytes - before - scores - marks, (Network::template memory<Pass, Scalar>(batch)));
}

TEST(allocation, of_a_session_is_what_memory_says) {
  laws::for_each_network([]<class Network>() {
    for (const long batch : {1L, 2L, 17L}) {
      is_what_memory_says<Network, pass::forward, float>(batch);
      is_what_memory_says<Network, pass::saliency<>, float>(batch);
      is_what_memory_says<Network, pass::saliency<1>, double>(batch);
      is_what_memory_says<Network, pass::training, float>(batch);
    }
  });
}

}  // namespace
}  // namespace salient
