// SPDX-License-Identifier: MIT
// label: cuda
#include "device/gpu_state.hpp"

#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#include "laws/networks.hpp"
#include "laws/noise.hpp"
#include "laws/random_model.hpp"
#include "salient/core/error.hpp"
#include "salient/graph/session.hpp"
#include "salient/method/grad_cam.hpp"
#include "salient/method/integrated_gradients.hpp"

namespace salient {
namespace {

TEST(gpu_state, messages_have_cudas_words_and_what_to_do) {
  EXPECT_EQ(
      cuda_message(0, "looking for it", cudaErrorInsufficientDriver),
      "GPU 0: looking for it: CUDA says 'CUDA driver version is insufficient for CUDA runtime version'; "
      "install or update NVIDIA's driver (nvidia-smi tells whether it works), or use the device cpu or "
      "cpu_pool");
  EXPECT_EQ(
      cuda_message(2, "looking for it", cudaErrorNoDevice),
      "GPU 2: looking for it: CUDA says 'no CUDA-capable device is detected'; see what nvidia-smi lists and "
      "CUDA_VISIBLE_DEVICES lets through, or use the device cpu or cpu_pool");
  EXPECT_EQ(
      cuda_message(0, "allocating 7 bytes", cudaErrorMemoryAllocation),
      "GPU 0: allocating 7 bytes: CUDA says 'out of memory'; explain fewer images at a time, or end what "
      "else uses the GPU's memory (nvidia-smi lists it)");
  EXPECT_EQ(
      cuda_message(0, "starting a kernel", cudaErrorNoKernelImageForDevice),
      "GPU 0: starting a kernel: CUDA says 'no kernel image is available for execution on the device'; the "
      "library was built for other GPUs; add this one's to CMAKE_CUDA_ARCHITECTURES and build it again");
  EXPECT_EQ(
      cuda_message(0, "copying from it", cudaErrorIllegalAddress),
      "GPU 0: copying from it: CUDA says 'an illegal memory access was encountered'; the GPU may be of no "
      "more use to this process; compute-sanitizer tells more");
}

TEST(gpu_state, what_failed_is_thrown_and_what_did_not_is_not) {
  EXPECT_NO_THROW(check_cuda(0, "working", cudaSuccess));
  EXPECT_THROW(check_cuda(0, "working", cudaErrorLaunchFailure), error);
}

TEST(gpu_state, memory_of_an_absent_gpu_is_refused_in_words) {
  int count = 0;
  if (cudaGetDeviceCount(&count) == cudaSuccess) GTEST_SKIP() << "there is a GPU";
  EXPECT_THROW(cuda_memory{0}.take(100), error);
}

template <class Network, class Pass>
void takes_nothing_once_warm(const gpu& device) {
  const auto m = laws::random_model<Network>(device);
  session<model<Network, gpu>, Pass> s(m, 3);
  const auto signal = laws::noise<float>(3 * Network::classes, 1);
  const auto pass = [&] {
    s.forward(laws::random_images(Network::input_shape, 3));
    s.write(s.signal(Network::scores), signal);
    s.template backward<gradient>(Network::scores, 0);
    s.template backward<guided>(Network::scores, 0);
    synchronise(device);
  };
  pass();
  const std::size_t blocks = device.handle().memory.blocks(), pages = device.handle().landing.blocks();
  for (int i = 0; i < 5; ++i) pass();
  EXPECT_EQ(device.handle().memory.blocks(), blocks);
  EXPECT_EQ(device.handle().landing.blocks(), pages);
}

TEST_ON_GPU(gpu_state, passes_allocate_nothing_once_warm) {
  laws::for_each_network([]<class Network>() {
    takes_nothing_once_warm<Network, pass::saliency<>>(*laws::tested_gpu());
    takes_nothing_once_warm<Network, pass::training>(*laws::tested_gpu());
  });
}

TEST_ON_GPU(gpu_state, maps_allocate_nothing_once_warm) {
  using network = laws::convolutional;
  const gpu& device = *laws::tested_gpu();
  const auto m = laws::random_model<network>(device);
  const auto images = laws::random_images(network::input_shape, 3);
  const auto maps = [&] {
    explain(m, images, logit(), methods::gradients{}, methods::grad_cam<>{}, methods::integrated_gradients{});
    explain(m, images, probability(std::vector{0, 1, 2}), methods::integrated_gradients{});
  };
  for (int i = 0; i < 3; ++i) maps();
  const std::size_t blocks = device.handle().memory.blocks(), pages = device.handle().landing.blocks();
  for (int i = 0; i < 5; ++i) maps();
  EXPECT_EQ(device.handle().memory.blocks(), blocks);
  EXPECT_EQ(device.handle().landing.blocks(), pages);
}

/// While a long queue of passes runs for one thread, another thread gets its map: it does not wait for them.
TEST_ON_GPU(gpu_state, work_of_two_objects_overlaps) {
  using network = laws::pooling;
  const gpu first, second;
  const auto m = laws::random_model<network>(first), other = laws::random_model<network>(second);
  const auto images = laws::random_images(network::input_shape, 64);
  session<model<network, gpu>> busy(m, 64);
  session<model<network, gpu>, pass_for<network, methods::gradients>> asked(other, 64);
  busy.forward(images);
  const auto map = [&] {
    return std::get<0>(explain(asked, images, logit(0), methods::gradients{})).map.values;
  };
  const auto expected = map();
  for (int turn = 0; turn < 20'000; ++turn) busy.forward(0, network::output);
  cudaEvent_t end{};
  ASSERT_EQ(cudaEventCreate(&end), cudaSuccess);
  ASSERT_EQ(cudaEventRecord(end, first.handle().stream()), cudaSuccess);
  std::vector<float> found;
  cudaError_t then{};
  std::thread([&] {
    found = map();
    then = cudaEventQuery(end);
  }).join();
  EXPECT_EQ(then, cudaErrorNotReady) << "the map waited for the other object's passes";
  synchronise(first);
  cudaEventDestroy(end);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(busy.scores().batch, 64);
}

}  // namespace
}  // namespace salient
