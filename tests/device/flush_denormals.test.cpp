// SPDX-License-Identifier: MIT
// label: threads
#include "device/flush_denormals.hpp"

#include <atomic>
#include <cfenv>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "salient/device/cpu.hpp"

namespace salient {
namespace {

/// Two products computed by the calling thread: one with a subnormal result, one with a subnormal operand.
template <class T>
struct computed {
  volatile T result, of_operand;
  computed() {
    const volatile T small = std::numeric_limits<T>::min(), half = T(0.5), large = T(1e20);
    const volatile T subnormal = std::numeric_limits<T>::denorm_min();
    result = small * half;
    of_operand = subnormal * large;
  }
};
/// Whether both results are zero bit for bit; a comparison would treat a subnormal number as zero.
template <class T>
bool flushes() {
  const computed<T> c;
  const T zero = 0, result = c.result, of_operand = c.of_operand;
  return std::memcmp(&result, &zero, sizeof zero) == 0 && std::memcmp(&of_operand, &zero, sizeof zero) == 0;
}
template <class T>
bool keeps() {
  const computed<T> c;
  return c.result > 0 && c.of_operand > 0;
}

TEST(flush_denormals, holds_for_a_scope) {
  ASSERT_TRUE(keeps<float>() && keeps<double>()) << "as a program starts";
  {
    const flush_denormals outer;
    EXPECT_TRUE(flushes<float>() && flushes<double>());
    {
      const flush_denormals inner;
      EXPECT_TRUE(flushes<float>() && flushes<double>());
    }
    EXPECT_TRUE(flushes<float>() && flushes<double>());
  }
  EXPECT_TRUE(keeps<float>() && keeps<double>());
}

TEST(flush_denormals, leaves_the_rest_of_the_mode_alone) {
  std::fesetround(FE_UPWARD);
  std::feclearexcept(FE_ALL_EXCEPT);
  {
    const flush_denormals mode;
    EXPECT_EQ(std::fegetround(), FE_UPWARD);
    const volatile float zero = 0;
    const volatile float infinite = 1 / zero;
    EXPECT_GT(infinite, 0);
  }
  EXPECT_EQ(std::fegetround(), FE_UPWARD);
  EXPECT_TRUE(std::fetestexcept(FE_DIVBYZERO)) << "an exception raised meanwhile is still known";
  std::fesetround(FE_TONEAREST);
}

/// Counts parts that flush. Each part waits until all have begun, so that each runs on its own thread.
struct counting {
  int parts;
  std::atomic<int> begun = 0, flushing = 0;

  static void part(void* self, int) {
    auto& c = *static_cast<counting*>(self);
    ++c.begun;
    while (c.begun < c.parts) std::this_thread::yield();
    if (flushes<float>() && flushes<double>()) ++c.flushing;
  }
};

TEST(flush_denormals, holds_on_every_thread_of_a_pool) {
  for (const int threads : {1, 2, 4}) {
    const cpu_pool pool(threads);
    for (int parts = 1; parts <= threads; ++parts) {
      counting c{parts};
      pool.run(parts, counting::part, &c);
      EXPECT_EQ(c.flushing, parts) << threads << " threads";
      EXPECT_TRUE(keeps<float>() && keeps<double>()) << "the caller's mode is its own again";
    }
    EXPECT_THROW(
        pool.run(3, [](void*, int) { throw std::runtime_error("a part"); }, nullptr), std::runtime_error);
    EXPECT_TRUE(keeps<float>() && keeps<double>());
  }
}

TEST(flush_denormals, leaves_a_caller_that_flushes_anyway_to_it) {
  std::thread([] {
    const flush_denormals own;
    const cpu_pool pool(2);
    counting c{2};
    pool.run(2, counting::part, &c);
    EXPECT_EQ(c.flushing, 2);
    EXPECT_TRUE(flushes<float>() && flushes<double>());
  }).join();
}

}  // namespace
}  // namespace salient
