// SPDX-License-Identifier: MIT
// label: threads
#include "device/staging.hpp"

#include <cstdlib>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace salient {
namespace {

/// A device that copies as late as it may: when it is waited for.
struct slow_device {
  struct copy {
    void* to;
    const void* from;
    std::size_t bytes;
  };
  std::vector<copy> enqueued{};
  std::size_t marks[2]{}, done = 0;
  int taken = 0, given = 0, waits = 0;

  void run(std::size_t until) {
    for (; done < until; ++done) std::memcpy(enqueued[done].to, enqueued[done].from, enqueued[done].bytes);
  }
};

struct port {
  slow_device* device;

  void* take(std::size_t bytes) const {
    ++device->taken;
    return std::malloc(bytes);
  }
  void give(void* block) const {
    ++device->given;
    std::free(block);
  }
  void send(void* to, const void* from, std::size_t bytes) const {
    device->enqueued.push_back({to, from, bytes});
  }
  void mark(int half) const { device->marks[half] = device->enqueued.size(); }
  void await(int half) const {
    ++device->waits;
    device->run(device->marks[half]);
  }
};

constexpr std::size_t half = staging<port>::half;

std::vector<int> counted(std::size_t size, int from) {
  std::vector<int> values(size);
  std::iota(values.begin(), values.end(), from);
  return values;
}

TEST(staging, does_not_wait_while_there_is_room) {
  slow_device device;
  {
    staging<port> s(port{&device});
    EXPECT_EQ(device.taken, 0) << "nothing was copied yet";
    std::vector<std::vector<int>> got(100, std::vector<int>(1000));
    for (int i = 0; i < 100; ++i) {
      auto values = counted(1000, i);
      s.copy(got[static_cast<std::size_t>(i)].data(), values.data(), values.size() * sizeof(int));
      values.assign(values.size(), -1);  // what the host does next is no matter
    }
    EXPECT_EQ(device.waits, 0);
    device.run(device.enqueued.size());
    for (int i = 0; i < 100; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], counted(1000, i));
  }
  EXPECT_EQ(device.taken, 1);
  EXPECT_EQ(device.given, 1);
}

TEST(staging, never_overwrites_what_is_still_to_be_copied) {
  for (const std::size_t bytes : {half / 3, half - 4, half, half + 4, 5 * half, 7 * half / 2}) {
    SCOPED_TRACE(bytes);
    slow_device device;
    staging<port> s(port{&device});
    const std::size_t size = bytes / sizeof(int);
    std::vector<std::vector<int>> got(9, std::vector<int>(size));
    for (int i = 0; i < 9; ++i) {
      const auto values = counted(size, 1000 * i);
      s.copy(got[static_cast<std::size_t>(i)].data(), values.data(), size * sizeof(int));
    }
    EXPECT_GT(device.waits, 0);
    device.run(device.enqueued.size());
    for (int i = 0; i < 9; ++i) ASSERT_EQ(got[static_cast<std::size_t>(i)], counted(size, 1000 * i)) << i;
  }
}

TEST(staging, is_shared_by_threads) {
  slow_device device;
  staging<port> s(port{&device});
  constexpr std::size_t size = 300'000;
  std::vector<std::vector<int>> got(4, std::vector<int>(size));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int turn = 0; turn < 10; ++turn) {
        const auto values = counted(size, i + turn);
        s.copy(got[static_cast<std::size_t>(i)].data(), values.data(), size * sizeof(int));
      }
    });
  for (std::thread& t : threads) t.join();
  device.run(device.enqueued.size());
  for (int i = 0; i < 4; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], counted(size, i + 9));
}

}  // namespace
}  // namespace salient
