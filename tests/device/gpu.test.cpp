// SPDX-License-Identifier: MIT
#include "salient/device/gpu.hpp"

#include <numeric>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#include "laws/message_of.hpp"
#include "laws/networks.hpp"
#include "laws/random_model.hpp"
#include "salient/device/buffer.hpp"
#include "salient/graph/session.hpp"
#include "salient/kernel/map.hpp"

namespace salient {
namespace {

static_assert(device<gpu> && computes_in<gpu, float> && !computes_in<gpu, double>);
static_assert(!std::is_copy_constructible_v<gpu> && !std::is_copy_assignable_v<gpu>);
static_assert(std::is_nothrow_move_constructible_v<gpu> && std::is_nothrow_move_assignable_v<gpu>);

using laws::message_of;

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

TEST(gpu, says_why_there_is_none) {
  const std::string said = message_of([] { gpu(0); });
  if constexpr (!laws::built_for_gpu) {
    EXPECT_EQ(
        said,
        "this salient was built without CUDA; for the device gpu, build it with -DSALIENT_WITH_CUDA=ON, "
        "which needs NVIDIA's CUDA toolkit");
  } else if (said != "nothing thrown") {
    EXPECT_TRUE(said.starts_with("GPU 0: looking for it: CUDA says '")) << said;
    EXPECT_TRUE(says(said, "nvidia-smi") && says(said, "or use the device cpu or cpu_pool")) << said;
  } else {
    GTEST_SKIP() << "there is one";
  }
}

TEST(gpu, of_a_number_that_there_is_not) {
  for (const int number : {-1, 1'000'000}) {
    const std::string said = message_of([&] { gpu{number}; });
    EXPECT_NE(said, "nothing thrown");
    EXPECT_TRUE(!laws::built_for_gpu || says(said, "GPU " + std::to_string(number))) << said;
  }
}

#ifdef SALIENT_WITH_CUDA

const gpu& device() { return *laws::tested_gpu(); }

std::vector<float> counted(std::size_t size) {
  std::vector<float> values(size);
  std::iota(values.begin(), values.end(), 1.0F);
  return values;
}

TEST_ON_GPU(gpu, says_what_it_is) {
  EXPECT_EQ(device().number(), 0);
  EXPECT_NE(device().product(), "");
}

TEST_ON_GPU(gpu, hands_out_again_what_buffers_release) {
  void* const first = allocate(device(), 1'000'000);
  release(device(), first);
  EXPECT_EQ(allocate(device(), 900'000), first);
  release(device(), first);
}

TEST_ON_GPU(gpu, works_through_streams_beside_each_other) {
  const gpu another;
  const std::vector<float> values = counted(100'000);
  buffer<float, gpu> a(device(), values.size()), b(another, values.size());
  for (int turn = 0; turn < 20; ++turn) {
    a.upload(values);
    b.upload(values);
    kernel::multiply_elements(device(), 100'000, a.data(), a.data(), a.data());
    kernel::multiply_elements(another, 100'000, b.data(), b.data(), b.data());
    std::vector<float> squares(values.size()), others(values.size());
    a.download(squares);
    b.download(others);
    for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(squares[i], values[i] * values[i]);
    EXPECT_EQ(squares, others);
  }
}

TEST_ON_GPU(gpu, can_be_moved) {
  gpu first;
  gpu second(std::move(first));
  first = gpu();
  for (const gpu* const one : {&first, &second}) {
    buffer<float, gpu> b(*one, 5);
    b.upload(counted(5));
    std::vector<float> back(5);
    b.download(back);
    EXPECT_EQ(back, counted(5));
  }
}

TEST_ON_GPU(gpu, says_so_when_its_memory_is_full_and_goes_on) {
  const std::string said = message_of([&] { buffer<float, gpu>(device(), std::size_t{1} << 50); });
  EXPECT_TRUE(said.starts_with("GPU 0: allocating ") && says(said, "out of memory") &&
              says(said, "fewer images"))
      << said;
  buffer<float, gpu> small(device(), 5);
  small.upload(counted(5));
}

TEST_ON_GPU(gpu, gives_the_same_bits_for_the_same_passes) {
  laws::for_each_network([&]<class Network>() {
    const auto m = laws::random_model<Network>(device());
    const auto explained = [&] {
      session<model<Network, gpu>> s(m, 3);
      s.forward(laws::random_images(Network::input_shape, 3));
      s.write(s.signal(Network::scores), s.scores().values);
      s.template backward<gradient>(Network::scores, 0);
      std::vector<float> dx(static_cast<std::size_t>(3 * Network::input_shape.elements()));
      s.read(s.signal(0), dx);
      return dx;
    };
    EXPECT_EQ(explained(), explained());
  });
}

#endif

}  // namespace
}  // namespace salient
