// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#include "program.hpp"
#include "salient/io/npy.hpp"

namespace {

using namespace salient;

class demo_without_a_gpu : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(demos, demo_without_a_gpu, ::testing::ValuesIn(demos), [](const auto& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST_P(demo_without_a_gpu, says_in_one_line_why_there_is_none) {
  const laws::gpu_test probe;
  if (laws::tested_gpu()) GTEST_SKIP() << "there is one";
  const workshop here;
  const ending e = here.run(GetParam(), words("--device gpu --raw map.npy"));
  EXPECT_EQ(e.code, 1) << e.err;
  EXPECT_EQ(e.out, "");
  EXPECT_EQ(std::ranges::count(e.err, '\n'), 1) << e.err;
  EXPECT_NE(e.err.find(probe.reason_for_none()), std::string::npos) << e.err;
  EXPECT_TRUE(here.files().empty());
}

#ifdef SALIENT_WITH_CUDA
TEST_ON_GPU(demos, make_the_maps_of_the_cpu) {
  for (const std::string& demo : demos) {
    SCOPED_TRACE(demo);
    const workshop here;
    ASSERT_EQ(here.run(demo, words("--raw cpu.npy")).code, 0);
    const ending e = here.run(demo, words("--device gpu --raw gpu.npy"));
    ASSERT_EQ(e.code, 0) << e.err;
    EXPECT_NE(e.out.find("on gpu 0, "), std::string::npos) << e.out;
    const std::vector<float> one = read_npy(here / "cpu.npy").values,
                             other = read_npy(here / "gpu.npy").values;
    ASSERT_EQ(one.size(), other.size());
    float largest = 0;
    for (const float v : one) largest = std::max(largest, std::abs(v));
    for (std::size_t i = 0; i < one.size(); ++i) ASSERT_NEAR(one[i], other[i], 1e-4F * largest);
  }
}
#endif

}  // namespace
