// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

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

// A test that one body states for every device the library was built for. `suite.name` runs it for the CPU's
// and, where there is CUDA, `suite.name_on_gpu_if_any` for the GPU: skipped, with the reason, if there is
// none.
#ifdef SALIENT_WITH_CUDA
#define SALIENT_TEST_ON_GPU(suite, name)                                          \
  TEST(suite, name##_on_gpu_if_any) {                                             \
    const ::salient::laws::gpu_test on_gpu;                                       \
    if (!::salient::laws::tested_gpu()) GTEST_SKIP() << on_gpu.reason_for_none(); \
    suite##_##name();                                                             \
  }
#else
#define SALIENT_TEST_ON_GPU(suite, name)
#endif

#define TEST_ON_EVERY_DEVICE(suite, name) \
  static void suite##_##name();           \
  TEST(suite, name) { suite##_##name(); } \
  SALIENT_TEST_ON_GPU(suite, name)        \
  static void suite##_##name()
