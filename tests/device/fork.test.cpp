// SPDX-License-Identifier: MIT
// label: unsanitized

// A child of fork() has only the calling thread: what this means for a pool created by the parent. Not run
// under sanitizers, which report what the parent's other threads hold as a leak of the child.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "salient/core/error.hpp"
#include "salient/device/cpu.hpp"

namespace salient {
namespace {

const cpu_pool global_pool(2);  // its destructor runs at exit

const cpu_pool& static_pool() {
  static const cpu_pool pool(3);
  return pool;
}

/// The sum of i over [0, 1000), computed by a pool.
long sum(const cpu_pool& pool) {
  std::atomic<long> total = 0;
  pool.run(1000, [](void* t, int i) { *static_cast<std::atomic<long>*>(t) += i; }, &total);
  return total;
}
constexpr long right = 999 * 1000 / 2;

/// Waits until a pool's threads have gone to sleep.
void doze() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

/// Whether a child exited with this status. A child that hangs is terminated by its alarm.
testing::AssertionResult ended(pid_t child, int expected = 0) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) return testing::AssertionFailure() << "no such child";
  if (WIFSIGNALED(status))
    return testing::AssertionFailure() << "ended by signal " << WTERMSIG(status) << " (14: it hung)";
  if (WEXITSTATUS(status) != expected)
    return testing::AssertionFailure() << "exit status " << WEXITSTATUS(status);
  return testing::AssertionSuccess();
}

/// Forks. The child runs f and exits with its value, as if it were returned from main.
template <class F>
testing::AssertionResult in_child(const F& f) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(30);
    std::exit(f());
  }
  return ended(child);
}

TEST(fork, lets_a_child_exit_that_has_a_global_and_a_static_pool) {
  ASSERT_EQ(sum(global_pool), right);
  ASSERT_EQ(sum(static_pool()), right);
  doze();
  EXPECT_TRUE(in_child([] { return 0; }));
}

TEST(fork, lets_a_child_end_a_pool) {
  cpu_pool pool(4);
  ASSERT_EQ(sum(pool), right);
  doze();
  EXPECT_TRUE(in_child([&] {
    {
      const cpu_pool gone(std::move(pool));
    }
    cpu_pool another(2);
    another = cpu_pool(2);
    return 0;
  }));
  EXPECT_EQ(sum(pool), right);
}

TEST(fork, leaves_a_child_pools_that_work) {
  const cpu_pool pool(4);
  doze();
  EXPECT_TRUE(in_child([&] {
    for (const cpu_pool* p : {&pool, &global_pool, &static_pool()})
      if (sum(*p) != right || p->threads() < 2) return 1;
    return 0;
  }));
}

TEST(fork, lets_a_child_have_threads_of_its_own) {
  const cpu_pool pool(2);
  EXPECT_TRUE(in_child([] {
    const cpu_pool own(3);
    std::atomic<int> arrived = 0;
    own.run(
        3,
        [](void* a, int) {
          auto& here = *static_cast<std::atomic<int>*>(a);
          ++here;
          while (here < 3) std::this_thread::yield();  // ends only if three threads run at the same time
        },
        &arrived);
    // The same again in a child of the child.
    const bool inner = static_cast<bool>(in_child([&] { return sum(own) == right ? 0 : 1; }));
    return inner && sum(own) == right ? 0 : 1;
  }));
}

TEST(fork, may_come_while_other_threads_use_the_pool) {
  const cpu_pool pool(3);
  std::atomic<bool> done = false;
  std::thread busy([&] {
    while (!done) sum(pool);
  });
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(in_child([&] { return sum(pool) == right ? 0 : 1; }));
  done = true;
  busy.join();
}

/// A job of two parts; one of them forks while the other is running.
struct forking {
  bool in_caller;
  std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> arrived = 0;
  std::atomic<pid_t> child = -1;

  static void part(void* self, int) { static_cast<forking*>(self)->run(); }

 private:
  void run() {
    ++arrived;
    while (arrived < 2) std::this_thread::yield();
    if ((std::this_thread::get_id() == caller) == in_caller) {
      const pid_t number = fork();
      if (number == 0) alarm(30);
      child = number;
    }
    while (child == -1) std::this_thread::yield();  // keeps the other part running during the fork
  }
};

TEST(fork, says_in_a_child_that_a_part_was_lost) {
  const cpu_pool pool(2);
  forking f{.in_caller = true};
  bool threw = false;
  std::string said;
  try {
    pool.run(2, forking::part, &f);
  } catch (const error& e) {
    threw = true;
    said = e.what();
  }
  if (f.child == 0)
    std::_Exit(said.find("fork() was called while the pool worked") != std::string::npos ? 0 : 1);
  EXPECT_FALSE(threw) << said;
  EXPECT_TRUE(ended(f.child));
}

TEST(fork, in_a_pools_own_thread_makes_a_child_that_ends) {
  const cpu_pool pool(2);
  forking f{.in_caller = false};
  pool.run(2, forking::part, &f);
  EXPECT_TRUE(ended(f.child));
}

}  // namespace
}  // namespace salient
