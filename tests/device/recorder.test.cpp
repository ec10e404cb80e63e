// SPDX-License-Identifier: MIT
#include "salient/device/recorder.hpp"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#include "laws/message_of.hpp"
#include "salient/device/buffer.hpp"
#include "salient/device/cpu.hpp"
#include "salient/kernel/attribution.hpp"

namespace salient {
namespace {

constexpr pass_key key{pass_key::kind::forward, 0, 1, 0, 1, nullptr, nullptr};

TEST(recorder, of_a_cpu_calls_what_it_is_given) {
  recorder<cpu> r(cpu{});
  int calls = 0;
  for (int turn = 0; turn < 3; ++turn) r.run(key, [&] { ++calls; });
  EXPECT_EQ(calls, 3);
}

#ifdef SALIENT_WITH_CUDA

const gpu& device() { return *laws::tested_gpu(); }
constexpr long size = 1000;

/// Work whose result depends on how often it has run: x = 2 x, beginning with 1.
struct doubling {
  const gpu& on;
  buffer<float, gpu> x, ones, zeros;

  explicit doubling(const gpu& device)
      : on(device), x(device, size), ones(device, size), zeros(device, size) {
    const std::vector<float> one(size, 1), two(size, 2);
    x.upload(one);
    ones.upload(two);
    clear(device, zeros.data(), size * sizeof(float));
  }
  void enqueue() {
    kernel::multiply_by_way<gpu, float>(on, size, x.data(), zeros.data(), ones.data(), x.data());
  }
  std::vector<float> values() const {
    std::vector<float> result(size);
    x.download(result);
    return result;
  }
};

TEST_ON_GPU(recorder, replays_from_the_third_run_on) {
  recorder<gpu> r(device());
  doubling work(device());
  int calls = 0;
  for (int turn = 1; turn <= 6; ++turn) {
    r.run(key, [&] {
      ++calls;
      work.enqueue();
    });
    EXPECT_EQ(work.values(), std::vector<float>(size, static_cast<float>(1 << turn))) << turn;
  }
  EXPECT_EQ(calls, 3) << "twice to run, once to record";
  EXPECT_EQ(r.recordings(), 1u);
}

TEST_ON_GPU(recorder, records_nothing_of_eigens_kernels) {
  const gpu eigen(implementation::eigen);
  recorder<gpu> r(eigen);
  doubling work(eigen);
  for (int turn = 0; turn < 4; ++turn) r.run(key, [&] { work.enqueue(); });
  EXPECT_EQ(work.values(), std::vector<float>(size, 16));
  EXPECT_EQ(r.recordings(), 0u);
}

TEST_ON_GPU(recorder, refuses_what_cannot_be_recorded_and_goes_on) {
  recorder<gpu> r(device());
  doubling work(device());
  const auto refused = [&](const auto& forbidden) {
    const auto run = [&] {
      r.run(key, [&] {
        work.enqueue();
        forbidden();
      });
    };
    std::string said;
    for (int turn = 0; turn < 4; ++turn) said += laws::message_of(run);
    return said;
  };
  std::vector<float> host(size);
  const std::string allocating = refused([] { release(device(), allocate(device(), 100)); }),
                    waiting = refused([] { synchronise(device()); }),
                    reading = refused([&] { work.x.download(host); }),
                    writing = refused([&] { work.zeros.upload(std::vector<float>(size)); });
  for (const std::string& said : {allocating, waiting, reading, writing})
    EXPECT_NE(said.find("must only start kernels"), std::string::npos) << said;
  EXPECT_EQ(r.recordings(), 0u);
  doubling after(device());
  for (int turn = 0; turn < 3; ++turn) r.run(key, [&] { after.enqueue(); });
  EXPECT_EQ(after.values(), std::vector<float>(size, 8));
  EXPECT_EQ(r.recordings(), 1u);
}

TEST_ON_GPU(recorder, works_beside_others_on_one_gpu) {
  const auto work = [] {
    bool right = true;
    for (int round = 0; round < 30; ++round) {  // each round records anew
      recorder<gpu> r(device());
      doubling some(device());
      for (int turn = 0; turn < 8; ++turn) r.run(key, [&] { some.enqueue(); });
      right &= some.values() == std::vector<float>(size, 256);
    }
    return right;
  };
  std::vector<char> right(6, 0);
  std::vector<std::thread> threads;
  for (char& one : right) threads.emplace_back([&] { one = work(); });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(right, std::vector<char>(6, 1));
}

#endif

}  // namespace
}  // namespace salient
