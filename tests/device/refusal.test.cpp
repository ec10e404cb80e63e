// SPDX-License-Identifier: MIT
// label: unsanitized
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "salient/core/error.hpp"
#include "salient/device/cpu.hpp"

namespace salient {
namespace {

/// Limits the address space to a few dozen stacks, starts a thousand threads, prints the error and exits.
[[noreturn]] void start_a_thousand_threads() {
  const rlimit limit{1u << 29, 1u << 29};
  setrlimit(RLIMIT_AS, &limit);
  try {
    const cpu_pool pool(1000);
  } catch (const error& e) {
    std::fputs(e.what(), stderr);
    std::exit(0);
  }
  std::exit(1);
}

TEST(cpu_pool, says_so_when_the_system_refuses_threads) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(start_a_thousand_threads(), ::testing::ExitedWithCode(0),
              "cpu_pool: the system refuses to start 1000 threads; ask for fewer");
}

}  // namespace
}  // namespace salient
