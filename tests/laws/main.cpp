// SPDX-License-Identifier: MIT
#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#ifdef SALIENT_WITH_CUDA
#include <cuda_runtime_api.h>

namespace salient::laws {
namespace {

/// CTest shows nothing of a skipped test but its name, so the name must hold the reason.
std::string found() {
  int count = 0;
  const cudaError_t outcome = cudaGetDeviceCount(&count);
  if (outcome == cudaSuccess) return "on_gpu";
  return "on_gpu (none: " + std::string(cudaGetErrorString(outcome)) + ")";
}

class on_gpu_test : public testing::Test {
 public:
  explicit on_gpu_test(void (*body)()) : body_(body) {}

 private:
  void TestBody() override { run_on_gpu(body_); }
  void (*body_)();
};

}  // namespace

std::string on_gpu() {
  if (!GTEST_FLAG_GET(list_tests)) return "on_gpu";
  static const std::string text = found();
  return text;
}

}  // namespace salient::laws
#endif

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
#ifdef SALIENT_WITH_CUDA
  using namespace salient::laws;
  // Registered like value-parameterised tests: CTest's name holds the value, and the filter is "/0".
  for (const gpu_case& c : gpu_cases())
    testing::RegisterTest(c.suite, (std::string(c.name) + "/0").c_str(), nullptr, on_gpu().c_str(), c.file,
                          c.line, [&c]() -> testing::Test* { return new on_gpu_test(c.body); });
#endif
  const int outcome = RUN_ALL_TESTS();
  // gtest would return success. CTest runs one test by a name that may come from an older build.
  if (!GTEST_FLAG_GET(list_tests) && testing::UnitTest::GetInstance()->test_to_run_count() == 0) {
    std::fputs("no test has a name like that\n", stderr);
    return 1;
  }
  return outcome;
}
