// SPDX-License-Identifier: MIT
// label: cuda
// label: threads
// What a map asks CUDA for, call by call. It needs no GPU: see fake_cuda.hpp.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "device/fake_cuda.hpp"
#include "device/gpu_state.hpp"
#include "laws/message_of.hpp"
#include "laws/random_model.hpp"
#include "salient/kernel/conv.hpp"
#include "salient/salient.hpp"

namespace salient {
namespace {

using calls = std::vector<std::string>;
using fake_cuda::count;
using laws::message_of;

using small = network<input<6, 5, 2>, conv2d<4, 3>, relu, conv2d<3, 2>, relu, flatten, dense<5>>;
constexpr long pixels = small::input_shape.elements();

std::string bytes(long floats) { return std::to_string(floats * 4); }

/// What the last of some equal calls asks for.
template <class F>
calls last_of(int turns, const F& f) {
  for (int turn = 0; turn < turns; ++turn) {
    fake_cuda::begin();
    f();
  }
  return fake_cuda::asked();
}

/// A session for some methods, and what an explanation by them asks for.
template <class... Methods>
struct explainer {
  gpu device{};
  model<small, gpu> m = laws::random_model<small>(device);
  session<model<small, gpu>, pass_for<small, Methods...>> s{m, 3};

  template <class Target>
  calls asks(int turns, const Target& target, long batch, const Methods&... method) {
    const auto images = laws::random_images(small::input_shape, batch);
    return last_of(turns, [&] { explain(s, images, target, method...); });
  }
};

TEST(enqueued, gradients_are_two_graphs_and_one_wait) {
  explainer<methods::gradients> e;
  for (const long batch : {1L, 3L}) {
    const calls plain = e.asks(1, logit(), batch, {});
    EXPECT_EQ(count(plain, "graph"), 0);
    EXPECT_EQ(count(plain, "wait"), 1);
    const calls replayed = e.asks(3, logit(), batch, {});
    ASSERT_EQ(replayed.size(), 7u);
    EXPECT_EQ(replayed[0], "copy in " + bytes(batch * pixels));
    EXPECT_TRUE(replayed[1].starts_with("graph of "));
    EXPECT_EQ(replayed[2], "copy out " + bytes(batch * 5)) << "the scores";
    EXPECT_EQ(replayed[3], "kernel") << "the target";
    EXPECT_TRUE(replayed[4].starts_with("graph of "));
    EXPECT_EQ(replayed[5], "copy out " + bytes(batch * pixels)) << "the map";
    EXPECT_EQ(replayed[6], "wait");
    EXPECT_EQ(e.asks(4, cross_entropy(2), batch, {}).size(), 7u);
    EXPECT_EQ(count(replayed, "kernel") + std::stol(replayed[1].substr(9)) + std::stol(replayed[4].substr(9)),
              count(plain, "kernel") + count(plain, "clear"))
        << "the graphs hold what was enqueued";
  }
}

TEST(enqueued, classes_of_several_images_are_one_copy) {
  explainer<methods::gradients> e;
  const calls asked = e.asks(5, logit(std::vector{0, 1, 2}), 3, {});
  EXPECT_EQ(asked.size(), 8u);
  EXPECT_EQ(count(asked, "copy in 12"), 1);
}

template <class Method, class Target = logit>
void waits_once(const Method& method, const Target& target = {}) {
  explainer<Method> e;
  for (const long batch : {1L, 3L}) {
    const calls asked = e.asks(5, target, batch, method);
    EXPECT_EQ(count(asked, "wait"), 1) << Method::words.name;
    EXPECT_EQ(asked.back(), "wait");
    EXPECT_EQ(count(asked, "allocate") + count(asked, "page-lock"), 0) << Method::words.name;
    EXPECT_EQ(count(asked, "record"), 0) << Method::words.name;
    EXPECT_GT(count(asked, "graph"), 0) << Method::words.name;
  }
}

TEST(enqueued, a_map_waits_once) {
  waits_once(methods::gradients{}, probability());
  waits_once(methods::gradients_x_input{});
  waits_once(methods::guided_backprop{});
  waits_once(methods::grad_cam<>{});
  waits_once(methods::layer_cam<>{});
  waits_once(methods::hires_cam<>{});
  waits_once(methods::integrated_gradients{});
  waits_once(methods::integrated_gradients{.steps = 20}, probability(std::vector{3}));
}

TEST(enqueued, integrated_gradients_run_their_points_together) {
  explainer<methods::integrated_gradients> e;
  const calls few = e.asks(5, logit(), 1, {.steps = 10}), many = e.asks(5, logit(), 1, {.steps = 400});
  EXPECT_EQ(few.size(), many.size());
  EXPECT_LE(few.size(), 28u);
}

TEST(enqueued, several_targets_share_a_forward_pass_on_the_device) {
  explainer<methods::gradients> e;
  const auto image = laws::random_images(small::input_shape);
  const std::vector<logit> all{0, 1, 2, 3, 4};
  const calls asked = last_of(5, [&] { explain_each(e.s, image, all, methods::gradients{}); });
  EXPECT_EQ(count(asked, "graph"), 6);
  EXPECT_EQ(count(asked, "wait"), 5);
}

TEST(enqueued, a_target_of_a_users_own_waits_for_the_scores) {
  struct sum {
    float value(std::span<const float> z) const { return z[0] + z[1]; }
    void derivative(std::span<const float>, std::span<float> dz) const { dz[0] = dz[1] = 1; }
  };
  explainer<methods::gradients> e;
  EXPECT_EQ(count(e.asks(5, sum(), 1, {}), "wait"), 2);
}

TEST(enqueued, nothing_of_eigens_kernels_is_recorded) {
  const gpu device(implementation::eigen);
  const auto m = laws::random_model<small>(device);
  session<model<small, gpu>> s(m);
  const auto image = laws::random_images(small::input_shape);
  const calls asked = last_of(5, [&] { explain(s, image, logit(), methods::gradients{}); });
  EXPECT_EQ(count(asked, "graph") + count(asked, "record"), 0);
}

/// Kernels do nothing here, so that the input's bytes come back as the activation 0 that was written.
TEST(enqueued, images_are_read_when_the_host_is_told_so) {
  explainer<methods::gradients_x_input> e;
  std::vector<float> back(static_cast<std::size_t>(3 * pixels));
  for (unsigned seed = 0; seed < 200; ++seed) {
    tensor images = laws::random_images(small::input_shape, 3, seed);
    const std::vector<float> values = images.values;
    e.s.load(images);
    std::ranges::fill(images.values, -1.0F);
    if (seed % 50 != 0) continue;
    e.s.read(e.s.activation(0), back);
    EXPECT_EQ(back, values);
  }
}

TEST(enqueued, what_cannot_be_recorded_is_refused_and_work_goes_on) {
  const gpu device;
  buffer<float, gpu> memory(device, 10);
  recorder<gpu> r(device);
  std::vector<float> host(10, 3);
  const auto runs = [&](long batch, const auto& work) {
    std::string said;
    for (int turn = 0; turn < 3; ++turn)
      said = message_of([&] { r.run({pass_key::kind::forward, 0, 1, 0, batch, nullptr, nullptr}, work); });
    return said;
  };
  for (const std::string& said :
       {runs(1, [&] { release(device, allocate(device, 100)); }), runs(2, [&] { synchronise(device); }),
        runs(3, [&] { memory.download(host); }), runs(4, [&] { memory.upload(host); })})
    EXPECT_TRUE(said.starts_with("GPU 0: ") && said.find("must only start kernels") != std::string::npos)
        << said;
  EXPECT_EQ(runs(5, [] { throw error("of the layer's own"); }), "of the layer's own");
  EXPECT_EQ(r.recordings(), 0u);
  EXPECT_EQ(runs(6, [&] { clear(device, memory.data(), 8 * sizeof(float)); }), "nothing thrown");
  EXPECT_EQ(r.recordings(), 1u);
  memory.upload(std::vector<float>(10, 5));
  EXPECT_EQ(runs(6, [] { ADD_FAILURE() << "it was recorded"; }), "nothing thrown");
  memory.download(host);
  EXPECT_EQ(host, (std::vector<float>{0, 0, 0, 0, 0, 0, 0, 0, 5, 5}));
}

TEST(enqueued, a_pass_without_memory_for_its_graph_is_enqueued_each_time) {
  const gpu device;
  buffer<float, gpu> memory(device, 10);
  recorder<gpu> r(device);
  int runs = 0;
  const auto run = [&] {
    r.run({pass_key::kind::forward, 0, 1, 0, 1, nullptr, nullptr}, [&] {
      ++runs;
      clear(device, memory.data(), 8 * sizeof(float));
    });
  };
  fake_cuda::refuse_graphs(true);
  EXPECT_EQ(message_of([&] { last_of(3, run); }), "nothing thrown");
  EXPECT_EQ(runs, 4) << "of the third run, one call was recorded in vain";
  fake_cuda::refuse_graphs(false);
  const calls asked = last_of(1, run);
  EXPECT_EQ(asked, calls{"clear 32"}) << "it is not recorded again";
  EXPECT_EQ(r.recordings(), 0u);
  memory.upload(std::vector<float>(10, 5));
  run();
  std::vector<float> host(10);
  memory.download(host);
  EXPECT_EQ(host, (std::vector<float>{0, 0, 0, 0, 0, 0, 0, 0, 5, 5}));
}

/// Otherwise a recorded product would overwrite the partial sums of another thread's between its two kernels.
TEST(enqueued, a_graph_does_not_come_between_the_kernels_of_a_product) {
  const gpu device;
  buffer<float, gpu> memory(device, 10);
  recorder<gpu> r(device);
  const auto run = [&] {
    r.run({pass_key::kind::forward, 0, 1, 0, 1, nullptr, nullptr},
          [&] { clear(device, memory.data(), 8 * sizeof(float)); });
  };
  for (int turn = 0; turn < 3; ++turn) run();
  fake_cuda::begin();
  std::unique_lock product = device.handle().scratch->lock();
  std::thread replaying(run);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(fake_cuda::asked(), calls{});
  product.unlock();
  replaying.join();
  EXPECT_EQ(fake_cuda::asked(), calls{"graph of 1"});
}

TEST(enqueued, memory_is_given_back_with_the_gpu) {
  const long before = fake_cuda::blocks_held();
  {
    explainer<methods::integrated_gradients> e;
    e.asks(5, logit(), 3, {});
    EXPECT_GT(fake_cuda::blocks_held(), before);
  }
  EXPECT_EQ(fake_cuda::blocks_held(), before);
  {
    const gpu eigen(implementation::eigen);
    EXPECT_EQ(fake_cuda::blocks_held(), before) << "its products have no partial sums";
  }
}

/// Groups of 4 channels before an activation share bytes of its mask, so that all sums pass through the
/// partial sums, for as many groups at a time as these have room for.
TEST(enqueued, sums_of_an_image_that_exceed_the_partial_sums_are_taken_by_groups) {
  const gpu device;
  const auto enqueued = [&](int size, int groups, int filters) {
    const kernel::conv_problem p{{1, 1, 1, 1}, 8 * groups, filters * groups, groups};
    const shape out{size, size, filters * groups};
    std::uint8_t mask{};  // kernels do nothing here
    kernel::epilogue<float> after;
    after.activate.f = kernel::function::relu;
    after.activate.mask = &mask;
    float number{};
    kernel::conv_weights<float> w;
    w.weight = &number;
    fake_cuda::begin();
    kernel::conv<gpu, float>(device, p, view<const float>(&number, 1, {size, size, 8 * groups}), w, after,
                             view<float>(&number, 1, out), nullptr);
    return count(fake_cuda::asked(), "kernel");
  };
  EXPECT_EQ(enqueued(64, 4, 4), 2) << "the sums, and what reads them";
  EXPECT_EQ(enqueued(1024, 4, 8), 1) << "blocks finish";
  EXPECT_EQ(enqueued(1024, 4, 4), 2 * 2) << "8 Mi sums are those of two groups";
  EXPECT_EQ(enqueued(1024, 5, 4), 3 * 2);
  const std::string said = message_of([&] { enqueued(2048, 4, 4); });
  EXPECT_NE(said.find("2048 x 2048 results of a group are more than the 8388608"), std::string::npos) << said;
}

TEST(enqueued, threads_that_share_a_gpu_record_beside_each_other) {
  const gpu device;
  const auto m = laws::random_model<small>(device);
  std::vector<std::string> said(4);
  std::vector<std::thread> threads;
  for (std::string& of_thread : said)
    threads.emplace_back([&] {
      of_thread = message_of([&] {
        for (int turn = 0; turn < 5; ++turn) {
          session<model<small, gpu>, pass_for<small, methods::integrated_gradients>> s(m, 2);
          for (long batch = 1; batch <= 2; ++batch)
            for (int again = 0; again < 4; ++again)
              explain(s, laws::random_images(small::input_shape, batch), logit(),
                      methods::integrated_gradients{});
        }
      });
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(said, std::vector<std::string>(4, "nothing thrown"));
}

}  // namespace
}  // namespace salient
