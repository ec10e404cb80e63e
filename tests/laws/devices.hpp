// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"
#include "salient/device/device.hpp"

namespace salient::laws {

/// Whether there may be a GPU at all. Where there may not, the compiler is spared what only one would run.
#ifdef SALIENT_WITH_CUDA
inline constexpr bool built_for_gpu = true;
#else
inline constexpr bool built_for_gpu = false;
#endif

namespace detail {
inline const gpu* tested = nullptr;
}

/// The GPU, while a test is about it; null while one is about the CPU's devices.
inline const gpu* tested_gpu() { return detail::tested; }

/// Makes the machine's first GPU the tested one for as long as it lives; or knows why there is none.
class gpu_test {
 public:
  gpu_test() {
    try {
      device_.emplace();
    } catch (const error& e) {
      reason_ = e.what();
      if (built_for_gpu && reason_.find("looking for it") == std::string::npos)
        throw;  // there is one, but it does not work
      return;
    }
    detail::tested = &*device_;
  }
  ~gpu_test() { detail::tested = nullptr; }
  gpu_test(const gpu_test&) = delete;
  gpu_test& operator=(const gpu_test&) = delete;

  const std::string& reason_for_none() const { return reason_; }

 private:
  std::optional<gpu> device_;
  std::string reason_;
};

}  // namespace salient::laws

#ifdef SALIENT_WITH_CUDA

namespace salient::laws {

/// How a test for the GPU ends its name. While gtest lists the tests, for CTest to name them, that says what
/// keeps it from running here, if anything does: "on_gpu (none: CUDA's words)". Otherwise nothing is asked.
std::string on_gpu();

/// A test for the GPU. main() makes one of gtest's of it, as soon as gtest knows whether it is to list them.
struct gpu_case {
  const char* suite;
  const char* name;
  void (*body)();
  const char* file;
  int line;
};

inline std::vector<gpu_case>& gpu_cases() {
  static std::vector<gpu_case> all;
  return all;
}
inline bool add_gpu_case(const gpu_case& c) {
  gpu_cases().push_back(c);
  return true;
}

/// Runs a body for the GPU; skips it, with the reason, where there is none.
inline void run_on_gpu(void (*body)()) {
  const gpu_test on_gpu;
  if (!tested_gpu()) GTEST_SKIP() << on_gpu.reason_for_none();
  body();
}

}  // namespace salient::laws

#define SALIENT_REGISTER_ON_GPU(suite, name)                   \
  [[maybe_unused]] static const bool suite##_##name##_on_gpu = \
      ::salient::laws::add_gpu_case({#suite, #name, suite##_##name, __FILE__, __LINE__});

// A test for the GPU alone, which is `*tested_gpu()`. For CTest it is `suite.name/on_gpu` where there is one,
// `suite.name/on_gpu (none: CUDA's words)` and skipped where there is none; for --gtest_filter `suite.name/0`
// in either case.
#define TEST_ON_GPU(suite, name)       \
  static void suite##_##name();        \
  SALIENT_REGISTER_ON_GPU(suite, name) \
  static void suite##_##name()

#else
#define SALIENT_REGISTER_ON_GPU(suite, name)
#endif

// A test that one body states for every device the library was built for. `suite.name` runs it for the CPU's
// and, where there is CUDA, `suite.name/on_gpu` for the GPU.
#define TEST_ON_EVERY_DEVICE(suite, name) \
  static void suite##_##name();           \
  TEST(suite, name) { suite##_##name(); } \
  SALIENT_REGISTER_ON_GPU(suite, name)    \
  static void suite##_##name()
