// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"
#include "salient/device/device.hpp"

namespace salient::laws {

/// Whether CUDA is built in. Without it, code for GPUs is not compiled.
#ifdef SALIENT_WITH_CUDA
inline constexpr bool built_for_gpu = true;
#else
inline constexpr bool built_for_gpu = false;
#endif

namespace detail {
inline const gpu* tested = nullptr;
}

/// The GPU under test, or null while the CPU's devices are tested.
inline const gpu* tested_gpu() { return detail::tested; }

/// While it exists, the first GPU is the one under test. If there is none, it holds the reason.
class gpu_test {
 public:
  gpu_test() {
    try {
      device_.emplace();
    } catch (const error& e) {
      reason_ = e.what();
      if (built_for_gpu && reason_.find("looking for it") == std::string::npos)
        throw;  // a GPU that does not work is an error
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

/// Suffix of a GPU test's name. While gtest lists the tests for CTest and there is no GPU, it includes the
/// reason: "on_gpu (none: CUDA's words)". Otherwise it is "on_gpu", and CUDA is not called.
std::string on_gpu();

/// A test for the GPU. main() registers it with gtest once it is known whether tests are only listed.
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

/// Runs a test's body on the GPU, or skips it with the reason if there is none.
inline void run_on_gpu(void (*body)()) {
  const gpu_test on_gpu;
  if (!tested_gpu()) GTEST_SKIP() << on_gpu.reason_for_none();
  body();
}

}  // namespace salient::laws

#define SALIENT_REGISTER_ON_GPU(suite, name)                   \
  [[maybe_unused]] static const bool suite##_##name##_on_gpu = \
      ::salient::laws::add_gpu_case({#suite, #name, suite##_##name, __FILE__, __LINE__});

// Defines a test for the GPU only, which is `*tested_gpu()`. CTest shows `suite.name/on_gpu`, or, where there
// is no GPU, `suite.name/on_gpu (none: CUDA's words)` as skipped. --gtest_filter takes
// `suite.name/0` in both cases.
#define TEST_ON_GPU(suite, name)       \
  static void suite##_##name();        \
  SALIENT_REGISTER_ON_GPU(suite, name) \
  static void suite##_##name()

#else
#define SALIENT_REGISTER_ON_GPU(suite, name)
#endif

// Defines a test for every device in the build: `suite.name` runs its body for the CPU's devices and, in a
// build with CUDA, `suite.name/on_gpu` for the GPU.
#define TEST_ON_EVERY_DEVICE(suite, name) \
  static void suite##_##name();           \
  TEST(suite, name) { suite##_##name(); } \
  SALIENT_REGISTER_ON_GPU(suite, name)    \
  static void suite##_##name()
